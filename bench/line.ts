/**
 * `npm run bench:line [-- --rounds N] [--quick]`: the whole line beside a script of 60 lines that a competent user would write with Python
 * and DuckDB, over the same content from the simulator. CPU of the whole process, start included; interleaved rounds, the median of each.
 * Needs Python 3.10 or later.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../cli/terminal/table.ts';
import { terminalStyle } from '../cli/terminal/terminal-style.ts';
import { prepareBaselines, runBaseline } from './baselines/run.ts';
import { child, message, parquetBytes, type CollectorReport } from './whole-line.ts';

interface Workload {
  readonly name: string;
  readonly records: number;
  /** 0: as real ones are. */
  readonly recordBytes: number;
  readonly blobs: number;
}

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { rounds: text, only: text, quick: { type: 'boolean', default: false } } });
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const scale = values.quick ? 0.1 : 1;
const workloads: readonly Workload[] = [
  { name: 'one template', records: 200_000 * scale, recordBytes: 2_000, blobs: 1_600 * scale },
  { name: 'as real ones', records: 100_000 * scale, recordBytes: 0, blobs: 800 * scale },
  { name: 'as real ones', records: 20_000 * scale, recordBytes: 0, blobs: 160 * scale },
];
const sides = ['script', 'raw', 'all'] as const;
type Side = (typeof sides)[number];
const titles: Readonly<Record<Side, string>> = { script: 'Python and DuckDB', raw: 'raw only', all: 'raw and normalized' };

interface Measured {
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  readonly parquetBytes: number;
}

const python = await prepareBaselines();
const rows: string[][] = [];
for (const workload of workloads.filter(({ records }) => values.only === undefined || records === Number(values.only))) {
  const measured = await measure(workload);
  rows.push(...sides.map((side) => rowOf(workload, side, measured)));
}
const columns = ['records', 'of', 'by', 'CPU s a million', 'of the script', 'peak RSS MiB', 'Parquet MB'];
console.log(
  table(
    columns.map((name, index) => ({ name, align: index > 2 ? ('right' as const) : ('left' as const) })),
    rows,
    terminalStyle(),
  ),
);

async function measure(workload: Workload): Promise<Readonly<Record<Side, readonly Measured[]>>> {
  const measured: Record<Side, Measured[]> = { script: [], raw: [], all: [] };
  for (let round = 0; round < rounds; round += 1) for (const side of sides) measured[side].push(await once(workload, side));
  return measured;
}

/** One run of one side against a simulator of its own. */
async function once({ records, recordBytes, blobs }: Workload, side: Side): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-line-'));
  const simulator = child('simulator.ts', [String(records), String(recordBytes), String(blobs)]);
  try {
    const { baseUrl, startAt } = await message<{ baseUrl: string; startAt: number }>(simulator);
    const report =
      side === 'script'
        ? await runBaseline(python, 'client_duckdb.py', baseUrl, folder)
        : await message<CollectorReport>(child('collector.ts', [baseUrl, String(startAt), join(folder, 'lake'), side]));
    if ('landedRows' in report && report.landedRows !== records)
      throw new Error(`${String(report.landedRows)} of ${String(records)} records landed`);
    return { cpuSeconds: report.cpuSeconds, peakRssMb: report.peakRssMb, parquetBytes: await parquetBytes(folder) };
  } finally {
    simulator.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function rowOf({ name, records }: Workload, side: Side, measured: Readonly<Record<Side, readonly Measured[]>>): string[] {
  const cpu = median(measured[side].map(({ cpuSeconds }) => cpuSeconds));
  const script = median(measured.script.map(({ cpuSeconds }) => cpuSeconds));
  return [
    records.toLocaleString('en-US'),
    name,
    titles[side],
    ((cpu / records) * 1e6).toFixed(0),
    (cpu / script).toFixed(2),
    Math.max(...measured[side].map(({ peakRssMb }) => peakRssMb)).toFixed(0),
    (median(measured[side].map(({ parquetBytes: bytes }) => bytes)) / 1e6).toFixed(1),
  ];
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
