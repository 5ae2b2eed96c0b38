/** A lake that this user may only read, and a process that may open few files. */

import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openLedger } from '../../../local/ledger.ts';
import { at, blobs, due } from '../../contracts/samples.ts';
import { landRecords } from '../../helpers/land-records.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
/** Root may write wherever it wants: there the command line runs as nobody. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const timeoutMs = 300_000;

let folder: string;
let lake: string;
let records: string;
beforeAll(async () => {
  folder = await makeFolder();
  [lake, records] = [join(folder, 'lake'), join(folder, 'records')];
  const exchange = { Id: 'a', CreationTime: '2026-11-22T08:00:00', RecordType: 50 };
  await landRecords(lake, [{ logType: 'audit-exchange', records: [exchange], at: at('08:00') }]);
  const ledger = openLedger(join(lake, 'ledger.sqlite'));
  await ledger.createJob(blobs('a'), due);
  ledger.close();
  await mkdir(records);
  await writeFile(join(records, 'audit-exchange.jsonl'), JSON.stringify(exchange));
  await chmod(folder, 0o755);
});

/** Nobody may write to the lake while the work runs, and everybody may read it. */
async function whileReadOnly<T>(work: () => T): Promise<T> {
  const all = [
    lake,
    ...(await readdir(lake, { recursive: true, withFileTypes: true })).map(({ parentPath, name }) => join(parentPath, name)),
  ];
  const isFile = (path: string): boolean => /\.(sqlite|json|parquet)$/.test(path);
  for (const path of all) await chmod(path, isFile(path) ? 0o444 : 0o555);
  try {
    return work();
  } finally {
    for (const path of all) await chmod(path, isFile(path) ? 0o600 : 0o700);
  }
}

function run(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...parameters], {
    encoding: 'utf8',
    env: { ...process.env, HOME: folder },
    ...nobody,
  });
  return { code: status, out: stdout, err: stderr };
}

describe('a lake that can only be read', () => {
  test(
    'answers lake query and lake status',
    async () => {
      const sql = 'SELECT count(*) AS n FROM msft_o365_exchange_online';
      const [queried, status] = await whileReadOnly(() => [
        run('query', '--lake', lake, '--json', sql),
        run('status', '--lake', lake, '--json'),
      ]);
      expect(queried).toEqual({ code: 0, out: expect.stringContaining('{"n":1}'), err: '' });
      expect(JSON.parse(status.out)).toMatchObject({ tenants: [{ name: 'contoso' }] });
    },
    timeoutMs,
  );

  test.each([
    { what: 'lake start', parameters: () => ['start', '--records', records] },
    { what: 'lake import', parameters: () => ['import', '--tenant', 'contoso', join(records, 'audit-exchange.jsonl')] },
  ])(
    'refuses $what with what cannot be written, and the cure',
    async ({ parameters }) => {
      const { code, err } = await whileReadOnly(() => run(...parameters(), '--lake', lake));
      expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(lake) });
      expect(err).toMatch(/may not do that there: give it the right to, or use another folder|give this user the right to write/);
    },
    timeoutMs,
  );

  test(
    'where no lake is yet is refused the same way',
    async () => {
      const parent = join(folder, 'not ours');
      await mkdir(parent, { mode: 0o555 });
      const { code, err } = run('start', '--records', records, '--lake', join(parent, 'lake'));
      expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('EACCES') });
      expect(err).toContain('use another folder');
    },
    timeoutMs,
  );
});

test(
  'a process that may open few files names the one that was too many, and the limit',
  () => {
    // How many Node itself needs differs: below that it does not start, above it all are enough.
    const errorOf = (limit: number): string => {
      const command = `ulimit -n ${String(limit)}; exec "${process.execPath}" "${main}" start --records "${records}" --lake "${lake} of ${String(limit)}"`;
      return spawnSync('bash', ['-c', command], { encoding: 'utf8' }).stderr;
    };
    const named = [22, 24, 26, 28, 30, 32]
      .values()
      .map(errorOf)
      .find((text) => text.includes('ulimit -n'));
    expect(named).toMatch(/'\/[^']+'.*'ulimit -n/);
  },
  timeoutMs,
);
