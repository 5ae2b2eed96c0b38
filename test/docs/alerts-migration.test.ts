/** docs/alerts-migration.md says of each column which field of either alerts API it comes from, as the catalog does. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { alertsLegacy } from '../../shared/log-types/alerts-legacy.ts';
import { alerts } from '../../shared/log-types/alerts.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';

const page = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'alerts-migration.md'), 'utf8');
const table = /<!-- fields -->([\s\S]*)<!-- \/fields -->/.exec(page)?.[1] ?? '';

/** The cells of each row, without the heading. */
const rows = table
  .trim()
  .split('\n')
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test('every column that either API fills has its row, with the fields it is read from', () => {
  const expected = Object.keys(alerts.columns).flatMap((column) => {
    const [v1, v2] = [fieldsOf(alertsLegacy, column), fieldsOf(alerts, column)];
    return v1.length + v2.length === 0 ? [] : [[`\`${column}\``, cellOf(v1), cellOf(v2)]];
  });
  expect(rows.map((cells) => cells.slice(0, 3))).toEqual(expected);
});

test('both APIs land in one dataset, with the same columns', () => {
  expect(alertsLegacy.dataset).toBe(alerts.dataset);
  expect(Object.keys(alertsLegacy.columns)).toEqual(Object.keys(alerts.columns));
  expect(page).toContain(`\`${alerts.dataset}\``);
});

test('the command, the permissions and the date are those of the catalog', () => {
  const { retired } = alertsLegacy;
  expect(page).toContain(`--replace ${alertsLegacy.id}=${String(retired?.replacement)}`);
  expect(page).toContain(new Date(retired?.at ?? 0).toISOString().slice(0, 10));
  for (const { permissions } of [alerts, alertsLegacy]) for (const { name } of permissions) expect(page).toContain(`\`${name}\``);
});

function cellOf(fields: readonly string[]): string {
  return fields.length === 0 ? '-' : fields.map((field) => `\`${field}\``).join(', ');
}

/** The fields of the record that a column is read from, each once; of lists the list alone. */
function fieldsOf({ columns }: LogType, column: string): string[] {
  const found: string[] = [];
  collect(columns[column]?.from, found);
  return [...new Set(found)];
}

function collect(node: unknown, found: string[]): void {
  if (typeof node !== 'object' || node === null) return;
  if ('op' in node && 'path' in node && typeof node.path === 'string') {
    found.push(node.op === 'field' ? node.path : (node.path.split('[')[0] ?? ''));
    return;
  }
  for (const value of Object.values(node)) collect(value, found);
}
