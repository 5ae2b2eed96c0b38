/**
 * `npm run bench:import [-- --quick]`: what an import of files that somebody made to be large takes, in a process of its own; as a table,
 * and in bench/import.json, from which `npm run docs` writes the table of docs/import.md. Ends with 1 where an import takes 600 MiB or
 * counts wrongly.
 */

import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../cli/terminal/table.ts';
import { terminalStyle } from '../cli/terminal/terminal-style.ts';
import { importCases, type ImportCase } from './import-cases.ts';
import { measuredImport } from './measured-import.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const limitMib = 600;

const figures = [];
for (const one of importCases(values.quick ? 0.01 : 1)) figures.push(await measure(one));
const heading = ['file', 'MB', 'landed', 'quarantined', 'CPU s', 'peak RSS MiB'];
const cells = figures.map(({ name, megabytes, landed, quarantined, cpuSeconds, peakRssMib }) => [
  name,
  megabytes.toFixed(1),
  landed.toLocaleString('en-US'),
  String(quarantined),
  cpuSeconds.toFixed(1),
  peakRssMib.toFixed(0),
]);
const columns = heading.map((name, index) => ({ name, align: index === 0 ? ('left' as const) : ('right' as const) }));
process.stdout.write(`${table(columns, cells, terminalStyle(process.stdout))}\n`);

if (!values.quick) {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  await writeFile(join(import.meta.dirname, 'import.json'), `${JSON.stringify({ machine, limitMib, files: figures }, undefined, 2)}\n`);
}
for (const { name, fault } of figures) if (fault !== undefined) process.stderr.write(`${name}: ${fault}\n`);
if (figures.some(({ fault }) => fault !== undefined)) process.exitCode = 1;

async function measure({ name, landed, quarantined, write }: ImportCase) {
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-import-'));
  try {
    const file = join(folder, 'file');
    await write(file);
    const { size } = await stat(file);
    const took = await measuredImport(file, join(folder, 'lake'));
    const isCounted = took.landed === landed && took.quarantined === quarantined;
    const counts = `landed ${String(took.landed)} and quarantined ${String(took.quarantined)} instead of ${String(landed)} and ${String(quarantined)}`;
    const fault = isCounted ? tooMuch(took.peakRssMib) : counts;
    return { name, megabytes: size / 1e6, ...took, ...(fault !== undefined && { fault }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tooMuch(peakRssMib: number): string | undefined {
  return peakRssMib < limitMib ? undefined : `takes ${peakRssMib.toFixed(0)} MiB; the limit is ${String(limitMib)}`;
}
