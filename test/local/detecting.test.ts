/** The station on one machine: real records, real rules, real stores. */

import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { finish } from '../../lambdas/fetch/finish.ts';
import type { Attempt } from '../../lambdas/fetch/fetching.ts';
import { openDetecting, type LocalDetecting } from '../../local/detecting.ts';
import { writeIndicatorList } from '../../local/indicator-lists.ts';
import { openLakeFolder, type LakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { LocalLake } from '../../local/lake.ts';
import { openLedger, type LocalLedger } from '../../local/ledger.ts';
import type { IndicatorEntry } from '../../shared/detections/indicator-lists/entry.ts';
import { ruleSetOf, type RuleSet } from '../../shared/detections/rule-set.ts';
import { freshState, type ContentJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { days } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { landRecords } from '../helpers/land-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const at = Date.parse('2026-11-20T09:30:00Z');
const ownTests = 'custom: {lake: {tests: [{name: t, findings: 1, records: []}]}}';
const rules = ruleSetOf({
  'rules.yml': `
title: Failed
name: failed
logsource: {product: azure, service: auditlogs}
detection: {s: {OperationName: Fail}, condition: s}
---
title: Many fail
id: many
level: high
correlation: {type: event_count, rules: [failed], group-by: [actor_upn], timespan: 10m, condition: {gte: 4}}
${ownTests}
---
title: Bad
id: bad
logsource: {product: azure, service: auditlogs}
detection: {s: {OperationName: Bad}, condition: s}
${ownTests}
---
title: Silent
id: silent
logsource: {product: azure, service: auditlogs}
detection: {s: {OperationName: Bad}, condition: s}
---
title: Listed
id: listed
logsource: {product: azure, service: auditlogs}
detection: {s: {actor_upn|exists: true}, condition: s}
custom: {lake: {indicator: {actor_upn: email}, tests: [{name: t, findings: 1, records: []}]}}
`,
});

const record = (id: string, time: string, activityDisplayName: string) => ({
  ...{ id, activityDateTime: `2026-11-20T${time}Z`, activityDisplayName },
  initiatedBy: { user: { id: 'u', userPrincipalName: 'lee@contoso.example' } },
});
const first = [record('a', '09:00:00', 'Fail'), record('b', '09:01:00', 'Fail'), record('bad', '09:02:00', 'Bad')];
const second = [record('c', '09:02:00', 'Fail'), record('d', '09:03:00', 'Fail'), record('bad', '09:02:00', 'Bad')];

let folder: LakeFolder;
let jobs: ContentJob[];
let ledger: LocalLedger;
let detecting: LocalDetecting;
let log: FakeLog;

async function start(set: RuleSet): Promise<void> {
  const path = await makeFolder();
  jobs = await landRecords(path, [
    { logType: 'directory-audits', at, blob: 'one', records: first },
    { logType: 'directory-audits', at: at + 1, blob: 'two', records: second },
  ]);
  folder = await openLakeFolder(path, { exclusive: true });
  ledger = openLedger(folder.ledgerFile);
  detecting = await openDetecting(folder, set);
  log = new FakeLog();
  for (const job of jobs) await ledger.createJob({ ...job, rules: set.hash }, at);
}

/** Finishes a job as its worker does, after the object is there. */
async function finishJob(job: ContentJob | undefined, now = at): Promise<string> {
  if (!job) throw new Error('no such job');
  const logType = logTypeById(job.stream.logType);
  const deps = {
    ledger,
    detecting,
    log,
    lake: new LocalLake({ root: folder.path, temp: folder.objectsTemp }),
    clock: { now: () => now, sleep: () => Promise.resolve() },
    ...{
      normalized: [],
      microsoft: { clockLeadMs: () => 0 },
      jobs: { send: () => Promise.resolve() },
      tenants: { byName: () => Promise.resolve(undefined) },
    },
  } as unknown as Attempt['deps'];
  const named = { ...job, rules: rules.hash };
  const attempt: Attempt = {
    job: named,
    state: freshState(at, 1),
    logType,
    key: landingKey(logType.dataset, job),
    folder: folder.workTemp,
    deps,
  };
  return (await finish(attempt, { mark: { rows: 3, fates: 'l', isSplit: false } })).kind;
}

async function findings(table = 'findings'): Promise<Record<string, unknown>[]> {
  const reader = await openLakeReader(folder.path);
  try {
    const result = await reader.query(
      `SELECT title, state, count, quiet_because, CAST(group_values AS VARCHAR) AS who, is_incomplete FROM ${table} ORDER BY title`,
    );
    const names = ['title', 'state', 'count', 'quiet', 'who', 'incomplete'];
    return (await result.getRows()).map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
  } finally {
    await reader.close();
  }
}

beforeEach(() => start(rules));
afterEach(() => {
  detecting.close();
  ledger.close();
  folder.close();
});

describe('the rules of a job', () => {
  test('find together what two objects hold, once, and the write that makes the job final notifies of it', async () => {
    expect(await finishJob(jobs[0])).toBe('landed');
    expect(
      (await ledger.unsent(10, at)).map(({ findingId, finding }) => [findingId.length, (JSON.parse(finding) as { title: string }).title]),
    ).toEqual([[32, 'Bad']]);
    await finishJob(jobs[1]);
    expect(await findings()).toEqual([
      { title: 'Bad', state: 'new', count: 1n, quiet: null, who: '{}', incomplete: false },
      { title: 'Many fail', state: 'new', count: 4n, quiet: null, who: '{actor_upn=lee@contoso.example}', incomplete: false },
      { title: 'Silent', state: 'new', count: 1n, quiet: 'it has no test that finds something', who: '{}', incomplete: false },
    ]);
    expect((await ledger.unsent(10, at)).map(({ finding }) => (JSON.parse(finding) as { title: string }).title).sort()).toEqual([
      'Bad',
      'Many fail',
    ]);
  });

  test('look records up in the lists of indicators that the lake has', async () => {
    detecting.close();
    const lee: IndicatorEntry = { type: 'email', value: 'LEE@contoso.example', source: 'feed', until: Date.parse('2026-11-20T09:02:00Z') };
    await writeIndicatorList(folder.path, 'feed', Readable.from([lee]));
    detecting = await openDetecting(folder, rules);
    await finishJob(jobs[0]);
    // The third record is of a time at which the indicator counts no more.
    expect((await findings()).map(({ title }) => title)).toEqual(['Bad', 'Listed', 'Listed', 'Silent']);
  });

  test('are evaluated with the set that the job names, whatever is in force', async () => {
    const other = await openDetecting(folder, ruleSetOf({}));
    detecting.close();
    detecting = other;
    await finishJob(jobs[0]);
    expect((await findings()).map(({ title }) => title)).toEqual(['Bad', 'Silent']);
  });

  test('that was finished is not finished again, and finds nothing more', async () => {
    await finishJob(jobs[0]);
    const before = await findings('findings_raw');
    expect(await finishJob(jobs[0])).toBe('nothing-to-do');
    expect(await findings('findings_raw')).toEqual(before);
  });

  test('notify nobody of what is old', async () => {
    await finishJob(jobs[0], at + days(3));
    expect((await findings())[0]).toMatchObject({ title: 'Bad', quiet: 'it is older than 48 hours' });
    expect(await ledger.unsent(10, at)).toEqual([]);
  });

  test('one that throws is a row and an error in the log, and the others and the job go on', async () => {
    const [detection] = rules.detections.filter(({ id }) => id === 'bad');
    const thrower = { ...rules, detections: rules.detections.map((one) => (one === detection ? throwing(one) : one)) };
    const read = (): Promise<RuleSet> => Promise.resolve(thrower);
    const whole = detecting;
    detecting = {
      ...detecting,
      rules: { ...detecting.rules, read },
      close: () => {
        whole.close();
      },
    };
    expect(await finishJob(jobs[0])).toBe('landed');
    expect((await findings()).map(({ title, state }) => [title, state])).toEqual([
      ['Bad', 'error'],
      ['Silent', 'new'],
    ]);
    expect(log.of('error').map(({ message }) => message)).toEqual(['a rule failed and was left out']);
  });

  test('say where records are known to be missing', async () => {
    const [job] = jobs;
    if (!job) throw new Error('no job');
    const gap = { stream: job.stream, from: at - days(1), to: at + days(1), reason: 'out of reach' };
    await ledger.commitCursor(job.stream, 0, { watermarks: [] }, { jobs: [], dueAt: at, gaps: [gap] });
    await finishJob(job);
    expect((await findings())[0]).toMatchObject({ incomplete: true });
  });
});

test('a rule set that was changed after it was written is refused', async () => {
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(folder.path, 'rule-sets', `${'0'.repeat(32)}.json`), '{"files":{}}');
  await expect(detecting.rules.read('0'.repeat(32))).rejects.toThrow(/was changed/);
});

function throwing(detection: RuleSet['detections'][number]): RuleSet['detections'][number] {
  const matches = (): boolean => {
    throw new Error('a bug');
  };
  return { ...detection, selections: detection.selections.map((selection) => ({ ...selection, matches })) };
}
