/** The page docs/exactly-once.md says what there is: every test it names, every mode, every planted bug. */

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { namesInTable } from './mutants-table.ts';
import { modes } from './plan.ts';
import { plantedBugs } from './planted-bugs/index.ts';
import { bugsOfGroupedJobs, bugsOfPasses } from './planted-bugs/known-bugs.ts';

const page = readFileSync('docs/exactly-once.md', 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

interface FaultRow {
  readonly number: number;
  readonly fault: string;
  readonly shownBy: string;
}

const faultRows: readonly FaultRow[] = page.split('\n').flatMap((line) => {
  const [, number = '', fault = '', , , shownBy = ''] = line.split('|').map((cell) => cell.trim());
  return /^\d+$/.test(number) ? [{ number: Number(number), fault, shownBy }] : [];
});

describe('the table of faults', () => {
  test('has all 38 rows', () => {
    expect(faultRows.map(({ number }) => number)).toEqual(Array.from({ length: 38 }, (_, index) => index + 1));
  });

  test.each(faultRows)('$number, $fault: everything that shows it is there', ({ shownBy }) => {
    const tests = [...shownBy.matchAll(/`(test\/[^`]+)`: '([^']+)'/g)];
    const named = [...(/modes? (`[^;(]+)/.exec(shownBy)?.[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, mode = '']) => mode);
    const commands = [...shownBy.matchAll(/`(proof:[a-z]+)`/g)].map(([, command = '']) => command);
    for (const [, file = '', sentence = ''] of tests) {
      expect(existsSync(file) ? file : `${file} is not there`).toBe(file);
      expect(readFileSync(file, 'utf8')).toContain(sentence);
    }
    expect(named.filter((mode) => !modes.some((one) => one === mode))).toEqual([]);
    expect(commands.filter((command) => !(command in scripts))).toEqual([]);
    expect(tests.length + named.length + commands.length).toBeGreaterThan(0);
  });
});

describe('the table of planted bugs', () => {
  const rows = namesInTable(page);

  test('has every bug that is planted, in its mode; print it anew with npm run proof:mutants -- --write', () => {
    expect(rows.map(({ name, mode }) => `${name} (${mode})`)).toEqual(plantedBugs.map(({ name, mode }) => `${name} (${mode})`));
  });

  test('shows only those as surviving that say why', () => {
    const survivors = rows.filter(({ isFound }) => !isFound).map(({ name }) => name);
    expect(survivors).toEqual(plantedBugs.filter(({ survives }) => survives !== undefined).map(({ name }) => name));
  });
});

describe('the bugs of the prototypes', () => {
  const all = [...bugsOfGroupedJobs, ...bugsOfPasses];

  test('are all there: 45 of grouped jobs and 24 of passes', () => {
    expect([bugsOfGroupedJobs.length, bugsOfPasses.length]).toEqual([45, 24]);
  });

  test('are planted, or the page says why they cannot be', () => {
    const names = new Set(plantedBugs.map(({ name }) => name));
    const words = page.replace(/\s+/g, ' ');
    for (const one of all) {
      if ('planted' in one) expect(names).toContain(one.planted);
      else expect(words).toContain(`${one.bug} | ${one.cannotBeWritten}`);
    }
  });
});
