import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runLake } from '../../helpers/run-lake.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-'));
});
afterEach(() => rm(folder, { recursive: true }));

const good = 'title: A rule\nlogsource: {product: azure, service: auditlogs}\ndetection: {s: {OperationName: Add user}, condition: s}\n';

test('a rule that is wrong is named by file and line, and the others are taken', async () => {
  await writeFile(join(folder, 'good.yml'), good);
  await writeFile(join(folder, 'bad.yml'), good.replace('OperationName', 'OperatoinName'));
  const { code, out } = await runLake('rules', 'lint', folder);
  expect(code).toBe(1);
  expect(out).toContain(`${join(folder, 'bad.yml')}:3:32: unknown field 'OperatoinName'; did you mean 'operationname'?`);
  expect(out).toContain('1 rules are taken, 1 refused');
});

test('a rule that finds other than its tests say ends with 1', async () => {
  const tests =
    'custom: {lake: {tests: [{name: finds one, findings: 1, records: [{log-type: directory-audits, record: {activityDisplayName: Delete user}}]}]}}\n';
  await writeFile(join(folder, 'rule.yml'), `${good}${tests}`);
  const { code, out } = await runLake('rules', 'test', join(folder, 'rule.yml'));
  expect(out).toContain("'A rule': finds one: 0 findings, and 1 expected");
  expect(code).toBe(1);
});

test('rules are added to a lake with what they need, or not at all', async () => {
  const lake = join(folder, 'lake');
  await writeFile(join(folder, 'mine.yml'), good);
  const added = await runLake('rules', 'add', join(folder, 'mine.yml'), '--lake', lake);
  expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/^added 1 rules\. The lake has \d+ rules now/) as unknown });
  expect(await readFile(join(lake, 'rules', 'mine.yml'), 'utf8')).toBe(good);
  expect((await runLake('rules', 'list', '--lake', lake)).out).toContain('A rule');

  await writeFile(join(folder, 'bad.yml'), 'title: [');
  const refused = await runLake('rules', 'add', join(folder, 'bad.yml'), '--lake', lake);
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(/nothing was added:\nbad\.yml:1:9: no YAML/);
});
