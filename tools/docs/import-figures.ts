/** The table of what imports take, in docs/import.md: from bench/import.json, which `npm run bench:import` writes. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface ImportFigures {
  readonly machine: { readonly node: string; readonly cores: number };
  readonly limitMib: number;
  readonly files: readonly {
    readonly name: string;
    readonly megabytes: number;
    readonly landed: number;
    readonly quarantined: number;
    readonly cpuSeconds: number;
    readonly peakRssMib: number;
  }[];
}

const [begin, end] = ['<!-- Written by `npm run docs` from bench/import.json. -->', '<!-- Written until here. -->'];

/** The page with the figures of the last run between its two marks; the same text where it has no marks. */
export function withImportFigures(page: string): string {
  const [from, until] = [page.indexOf(begin), page.indexOf(end)];
  return from < 0 || until < from ? page : `${page.slice(0, from)}${begin}\n\n${figures()}\n\n${page.slice(until)}`;
}

function figures(): string {
  const file = join(import.meta.dirname, '..', '..', 'bench', 'import.json');
  const { machine, limitMib, files } = JSON.parse(readFileSync(file, 'utf8')) as ImportFigures;
  const rows = files.map(({ name, megabytes, landed, quarantined, cpuSeconds, peakRssMib }) => [
    name,
    megabytes < 1 ? `${(megabytes * 1e3).toFixed(0)} KB` : `${megabytes.toFixed(0)} MB`,
    landed.toLocaleString('en-US'),
    String(quarantined),
    cpuSeconds.toFixed(1),
    `${peakRssMib.toFixed(0)} MiB`,
  ]);
  return `${aligned([['File', 'Size', 'Landed', 'Quarantined', 'CPU s', 'Peak memory'], ...rows])}\n\nThe limit is ${String(limitMib)} MiB; this was Node ${machine.node.slice(1)} on ${String(machine.cores)} cores.`;
}

/** A table as the formatter leaves it: the page is one of those that are formatted. */
function aligned([headings = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, 3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill: string): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  const rule = headings.map(() => '');
  return [line(headings, ' '), line(rule, '-'), ...rows.map((row) => line(row, ' '))].join('\n');
}
