/** The tests inside a rule: records as Microsoft sends them, and how many findings they have to give. */

import { RuleRefused, type RulePath } from './refused.ts';
import { isRecord, mappingOf, neededText, numberAt, spanAt, textAt, type Mapping } from './shape.ts';

/** One test of a rule. */
export interface RuleTest {
  readonly name: string;
  readonly records: readonly TestRecords[];
  /** How many findings they give, neither more nor fewer. */
  readonly findings: number;
  /** Of an absence: the streams are complete to then (ISO time). */
  readonly completeTo?: string;
}

/** So many records alike. */
export interface TestRecords {
  readonly logType: string;
  /** `{n}` in a text is the number of the record, from 1. */
  readonly record: Mapping;
  readonly count: number;
  /** When the first happened (ISO time); each that follows is `everyMs` later. */
  readonly at: string;
  readonly everyMs: number;
}

const mostRecords = 2000;

/** @throws RuleRefused at what is wrong. */
export function readTests(tests: readonly unknown[], at: RulePath): RuleTest[] {
  return tests.map((test, index) => readTest(test, [...at, index]));
}

function readTest(value: unknown, at: RulePath): RuleTest {
  const block = mappingOf(value, ['name', 'records', 'findings', 'complete-to'], at);
  const findings = numberAt(block, 'findings', at);
  if (findings === undefined || !Number.isInteger(findings) || findings < 0)
    throw new RuleRefused("'findings' has to be a whole number from 0 up", at);
  const completeTo = timeAt(block, 'complete-to', at);
  const records: unknown = block.records;
  if (!Array.isArray(records)) throw new RuleRefused("'records' has to be a list", [...at, 'records']);
  return {
    name: neededText(block, 'name', at),
    findings,
    records: records.map((one: unknown, index) => readRecords(one, [...at, 'records', index])),
    ...(completeTo !== undefined && { completeTo }),
  };
}

function readRecords(value: unknown, at: RulePath): TestRecords {
  const block = mappingOf(value, ['log-type', 'record', 'count', 'at', 'every'], at);
  const record = block.record ?? {};
  if (!isRecord(record)) throw new RuleRefused("'record' has to be a mapping: the record as Microsoft sends it", [...at, 'record']);
  const count = numberAt(block, 'count', at) ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > mostRecords)
    throw new RuleRefused(`'count' has to be 1 to ${String(mostRecords)}`, [...at, 'count']);
  return {
    logType: neededText(block, 'log-type', at),
    record,
    count,
    at: timeAt(block, 'at', at) ?? '2026-11-20T09:00:00Z',
    everyMs: spanAt(block, 'every', at) ?? 1000,
  };
}

function timeAt(block: Mapping, key: string, at: RulePath): string | undefined {
  const found = block[key];
  const text = found instanceof Date ? found.toISOString() : textAt(block, key, at);
  if (text !== undefined && Number.isNaN(Date.parse(text)))
    throw new RuleRefused(`'${key}' has to be a time such as 2026-11-20T09:00:00Z, and is '${text}'`, [...at, key]);
  return text;
}
