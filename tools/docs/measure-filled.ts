/** How much of each column is filled, counted in a lake. */

import { openLakeReader } from '../../local/lake-reader.ts';
import type { Filled } from './dataset-pages.ts';

/** Of every raw and normalized dataset that has rows, and of the view over everything by dataset. */
export async function measureFilled(lake: string): Promise<Filled> {
  const reader = await openLakeReader(lake);
  try {
    const filled: Record<string, { rows: number; percent: Record<string, number> }> = {};
    for (const { kind, name } of reader.tables) {
      if (kind === 'view') continue;
      const described = await (await reader.query(`DESCRIBE ${name}`)).getRows();
      const columns = described.map(([column]) => String(column));
      const counts = columns.map((column) => `count("${column}")`).join(', ');
      const [row = []] = await (await reader.query(`SELECT count(*), ${counts} FROM ${name}`)).getRows();
      const [rows = 0, ...filledRows] = row.map(Number);
      if (rows === 0) continue;
      const percent = columns.map((column, index) => [column, percentOf(filledRows[index] ?? 0, rows)] as const);
      filled[name] = { rows, percent: Object.fromEntries(percent) };
    }
    return filled;
  } finally {
    await reader.close();
  }
}

/** Rounded, but never to 0 what is there nor to 100 what is not whole. */
function percentOf(part: number, whole: number): number {
  const share = (100 * part) / whole;
  if (part === 0 || part === whole) return share;
  return Math.min(99, Math.max(1, Math.round(share)));
}
