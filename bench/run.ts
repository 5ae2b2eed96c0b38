/** `npm run bench [-- --quick]`: the benchmarks as tables, and bench/results.json. Never a test: figures depend on the machine. */

import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { terminalStyle } from '../cli/terminal/terminal-style.ts';
import { table } from '../cli/terminal/table.ts';
import { benchBigBlob, type BigBlobResult } from './big-blob.ts';
import { benchLanding, type LandingResult } from './landing.ts';
import { benchNormalized, type NormalizedResult } from './normalized.ts';
import { benchWholeLine, type WholeLineResult } from './whole-line.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const scale = values.quick ? 0.05 : 1;

// A worker lives for many jobs; how long one takes to warm up is not what is measured.
const landing = await benchLanding(300_000 * scale, 3);
print('(a) worker step: content blobs to one Parquet file, every column and the record key', landingRows(landing));
// Twice the records in blobs of the same size: what a run holds in memory must not grow with them.
const once = await benchWholeLine(200_000 * scale, 2_000, Math.ceil(1_600 * scale));
const twice = await benchWholeLine(400_000 * scale, 2_000, Math.ceil(3_200 * scale));
print('(b) the whole line over loopback HTTP, records of 2 KB', [once, twice].map(wholeLineRow));
const big = await benchBigBlob(150e6 * scale);
print('(c) one content blob', [bigBlobRow(big)]);
const normalized = [...(await benchNormalized(100_000 * scale, 3)), ...(await benchNormalized(100_000 * scale, 3, 'with-ocsf'))];
print('(d) raw object to its normalized datasets, against landing that raw object', normalized.map(normalizedRow));

const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
await writeFile(
  join(import.meta.dirname, 'results.json'),
  `${JSON.stringify({ machine, isQuick: values.quick, landing, wholeLine: [once, twice], bigBlob: big, normalized }, undefined, 2)}\n`,
);

type Row = Readonly<Record<string, string>>;

function landingRows({ megabytes, cpuSeconds, ratioPlain, ratioGz, peakRssMb }: LandingResult): Row[] {
  const row = (step: string, seconds: number, ratio: string, rss: string): Row => ({
    step,
    'CPU s': seconds.toFixed(2),
    'MB per CPU s': (megabytes / seconds).toFixed(0),
    ratio,
    'peak RSS MiB': rss,
  });
  return [
    row('JSON.parse + zstd level 1 of the same bytes', cpuSeconds['limit-plain'], '1', ''),
    row('land, from plain JSON', cpuSeconds['land-plain'], ratioPlain.toFixed(2), peakRssMb.toFixed(0)),
    row('land, from gzip (unpacking included)', cpuSeconds['land-gz'], ratioGz.toFixed(2), ''),
  ];
}

function wholeLineRow(result: WholeLineResult): Row {
  return {
    records: result.records.toLocaleString('en-US'),
    'records/s': result.recordsPerSecond.toFixed(0),
    'MB/s': result.megabytesPerSecond.toFixed(1),
    'CPU s per million': result.cpuSecondsPerMillion.toFixed(0),
    requests: String(result.requests),
    objects: String(result.objects),
    'peak RSS MiB': result.peakRssMb.toFixed(0),
  };
}

function bigBlobRow({ megabytes, records, cpuSeconds, peakRssMb }: BigBlobResult): Row {
  return {
    MB: megabytes.toFixed(0),
    records: records.toLocaleString('en-US'),
    'CPU s': cpuSeconds.toFixed(1),
    'peak RSS MiB': peakRssMb.toFixed(0),
  };
}

function normalizedRow({
  datasets,
  logType,
  records,
  megabytes,
  landSeconds,
  normalizeSeconds,
  ratio,
  rawBytes,
  normalizedBytes,
}: NormalizedResult): Row {
  return {
    'log type': logType,
    datasets,
    records: records.toLocaleString('en-US'),
    'land CPU s': landSeconds.toFixed(2),
    'land MB per CPU s': (megabytes / landSeconds).toFixed(0),
    'normalize CPU s': normalizeSeconds.toFixed(2),
    'share of landing': `${(100 * ratio).toFixed(0)} %`,
    'raw MB': (rawBytes / 1e6).toFixed(1),
    'normalized MB': (normalizedBytes / 1e6).toFixed(1),
  };
}

function print(title: string, rows: readonly Row[]): void {
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name, index) => ({ name, align: index === 0 ? ('left' as const) : ('right' as const) }));
  console.log(`\n${title}\n`);
  console.log(
    table(
      columns,
      rows.map((row) => names.map((name) => row[name] ?? '')),
      terminalStyle(),
    ),
  );
}
