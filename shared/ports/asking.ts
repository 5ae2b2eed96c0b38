/** SQL that reads, asked of whatever holds the lake: DuckDB over a folder, Athena over a deployment. */

/** A value of an answer, as JSON has it. Instants are ISO 8601 in UTC; a whole number beyond 2^53 is its text. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

/** One statement that reads. */
export interface Question {
  /** In the engine's own SQL. `{{name}}` stands for the value of that name, wherever a value may stand; other braces are left alone. */
  readonly sql: string;
  /** Bound by the engine, never written into the statement. */
  readonly values?: Readonly<Record<string, string | number>>;
}

/** A column of an answer. Two columns may have one name. */
export interface AnswerColumn {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'time' | 'boolean' | 'other';
}

/** A row, with the values in the order of the columns. */
export type AnswerRow = readonly Value[];

/** What it took to answer. */
export interface Cost {
  /** Undefined where the engine does not count them: what one machine reads costs nothing. */
  readonly bytesScanned?: number;
}

/** The answer to one question. */
export interface Answer {
  readonly columns: readonly AnswerColumn[];
  /**
   * The rows in batches of at most a few thousand, made while they are taken; to be taken once, to the end or with a `break`.
   *
   * @throws AskingCanceled when the question was called off; what the engine says when it fails amid the rows.
   */
  readonly batches: AsyncIterable<readonly AnswerRow[]>;
  /** So far. */
  cost(): Cost;
}

/** An engine that answers questions, several at once. */
export interface Asking {
  readonly engine: 'duckdb' | 'athena';
  /**
   * Asks, and resolves when the first rows can be taken.
   *
   * @param signal Calls the question off, before and while rows come; the engine stops working on it.
   * @throws UsageError or what the engine says where the statement is wrong or does more than read; AskingCanceled when called off.
   */
  ask(question: Question, signal?: AbortSignal): Promise<Answer>;
  /** Ends what is running. */
  close(): Promise<void>;
}

/** The question was called off by who asked it. */
export class AskingCanceled extends Error {
  override readonly name = 'AskingCanceled';
  constructor() {
    super('the query was canceled');
  }
}

/** A value as one text: JSON for what is not a text itself. */
export function valueText(value: Exclude<Value, null>): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A value as one text, empty where there is none. */
export const textOf = (value: Value | undefined): string => (value === null || value === undefined ? '' : valueText(value));

/** The statement with each of its values replaced, in the order in which they stand. @throws When a value stands nowhere. */
export function withValues({ sql, values = {} }: Question, replace: (name: string, value: string | number) => string): string {
  const found = new Set<string>();
  const text = sql.replaceAll(/\{\{([\w-]+)\}\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return whole;
    found.add(name);
    return replace(name, value);
  });
  const unused = Object.keys(values).find((name) => !found.has(name));
  if (unused !== undefined) throw new Error(`the statement has no place {{${unused}}} for the value of that name`);
  return text;
}

/** Every row, for answers that are known to be small. */
export async function allRows({ batches }: Pick<Answer, 'batches'>): Promise<AnswerRow[]> {
  const rows: AnswerRow[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}
