import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { personHere } from '../../../cli/tenants/tenant-audit.ts';
import { landRecords } from '../../helpers/land-records.ts';
import { runLake } from '../../helpers/run-lake.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const now = Date.now();
const iso = (minutesAgo: number): string => new Date(now - minutesAgo * 60_000).toISOString();
const failed = (id: string, minutesAgo: number, user = id) => ({
  ...{ id, createdDateTime: iso(minutesAgo), userPrincipalName: `${user}@contoso.example`, ipAddress: '203.0.113.7' },
  status: { errorCode: 50126 },
});

let lake: string;
beforeEach(async () => {
  lake = join(await makeFolder(), 'lake');
  const users = ['ada', 'bob', 'cy', 'dee'].map((name, index) => failed(name, 60 + index));
  await landRecords(lake, [
    { logType: 'sign-ins-interactive', at: now - 3_000_000, blob: 'one', records: users.slice(0, 2) },
    { logType: 'sign-ins-interactive', at: now - 2_000_000, blob: 'two', records: users.slice(1) },
  ]);
  await mkdir(join(lake, 'rules'));
  await writeFile(
    join(lake, 'rules', 'four.yml'),
    `
title: Failed
name: four-failed
logsource: {product: azure, service: signinlogs}
detection: {s: {ResultType: 50126}, condition: s}
---
title: Four fail
id: four-fail
level: high
correlation: {type: value_count, rules: [four-failed], group-by: [source_ip], timespan: 10m, condition: {gte: 4, field: actor_upn}}
custom: {lake: {tests: [{name: t, findings: 1, records: []}]}}
`,
  );
});

const detect = (...more: string[]) => runLake('detect', '--lake', lake, '--since', '2d', '--rule', 'four-fail', '--json', ...more);
const shown = async (...more: string[]): Promise<{ id: string; title: string; who: string; state: string }[]> => {
  const { out } = await runLake('findings', '--lake', lake, '--json', ...more);
  return JSON.parse(out) as { id: string; title: string; who: string; state: string }[];
};

test('a dry run counts what a rule would have found, and writes nothing', async () => {
  const { code, out } = await detect('--dry-run');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ objects: 2, findings: 1, rules: [{ id: 'four-fail', findings: 1 }] });
  expect(await shown('--all')).toEqual([]);
});

test('looking back lands what is found once, quietly, however often it is done', async () => {
  for (let time = 0; time < 2; time += 1) expect((await detect()).code).toBe(0);
  expect(await shown()).toEqual([]);
  expect(await shown('--all')).toMatchObject([
    { title: 'Four fail', who: '203.0.113.7', state: 'new', quiet: 'it was looked for afterwards' },
  ]);
});

test('a finding is closed with a reason, and leaves the list', async () => {
  await detect();
  const [{ id } = { id: '' }] = await shown('--all');
  const closed = await runLake('findings', 'close', id.slice(0, 8), '--because', 'ours', '--lake', lake);
  expect(closed).toMatchObject({ code: 0, out: 'closed: Four fail (203.0.113.7)\n' });
  expect(await shown('--all')).toMatchObject([{ id, state: 'closed' }]);
  const { out } = await runLake('query', '--lake', lake, 'SELECT because, set_by FROM findings', '--json');
  expect(JSON.parse(out)).toEqual([{ because: 'ours', set_by: personHere(process.env) }]);
});

test('a rule or a finding that is not there is refused with what to do', async () => {
  const rule = await runLake('detect', '--lake', lake, '--since', '2d', '--rule', 'four-fial');
  expect(rule).toMatchObject({ code: 2, err: expect.stringContaining("unknown rule 'four-fial'") as unknown });
  const finding = await runLake('findings', 'close', 'abcdef12', '--because', 'x', '--lake', lake);
  expect(finding).toMatchObject({ code: 2, err: expect.stringContaining("there is no finding 'abcdef12'") as unknown });
});
