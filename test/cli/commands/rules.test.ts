import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
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

describe('a rule of a lake', () => {
  let lake: string;
  const rules = (...words: string[]) => runLake('rules', ...words, '--lake', lake);
  const listed = async () => JSON.parse((await rules('list', '--json')).out) as { file: string; off?: object; allowed?: object[] }[];
  const own = async () => (await listed()).find(({ file }) => file === 'mine.yml');
  beforeEach(async () => {
    lake = join(folder, 'lake');
    await writeFile(join(folder, 'mine.yml'), good);
    await rules('add', join(folder, 'mine.yml'));
  });

  test('is switched off with a reason, and on again', async () => {
    expect(await rules('off', 'mine', '--because', 'too loud')).toMatchObject({ code: 0, out: 'off: A rule\n' });
    expect(await own()).toMatchObject({ off: { because: 'too loud', since: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as unknown } });
    expect(await rules('on', 'A rule')).toMatchObject({ code: 0, out: 'on: A rule\n' });
    expect(await own()).not.toHaveProperty('off');
  });

  test('that nobody knows is named with the nearest', async () => {
    const { code, err } = await rules('off', 'mass-downlaod', '--because', 'x');
    expect([code, err]).toEqual([2, expect.stringContaining("unknown rule 'mass-downlaod'; did you mean 'mass-download'?") as unknown]);
  });

  test('allows a value that it groups by, to a day, and takes it back', async () => {
    const until = new Date(Date.now() + 86_400_000 * 30).toISOString().slice(0, 10);
    const value = ['--value', 'actor_upn=backup@contoso.com'];
    expect(await rules('allow', 'mass-download', ...value, '--until', until, '--because', 'a move')).toMatchObject({ code: 0 });
    const allowed = (await listed()).flatMap((one) => one.allowed ?? []);
    expect(allowed).toEqual([expect.objectContaining({ where: { actor_upn: 'backup@contoso.com' }, until, because: 'a move' })]);
    expect(await rules('allow', 'mass-download', ...value, '--remove')).toMatchObject({ code: 0 });
    expect((await listed()).flatMap((one) => one.allowed ?? [])).toEqual([]);
  });

  test.each([
    ['no end', ['--value', 'actor_upn=x', '--because', 'y'], /give --until DATE and --because/],
    [
      'a value it does not group by',
      ['--value', 'colour=red', '--until', '2027-01-01', '--because', 'y'],
      /unknown value of its findings 'colour'/,
    ],
    ['no date', ['--value', 'actor_upn=x', '--until', 'soon', '--because', 'y'], /until/],
    ['no value', ['--value', 'actor_upn', '--until', '2027-01-01', '--because', 'y'], /'actor_upn' is no value: give name=value/],
  ])('allows nothing with %s', async (_, words, message) => {
    const { code, err } = await rules('allow', 'mass-download', ...words);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
