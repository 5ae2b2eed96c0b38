/** What requests and answers of the console have in common. Server and page check both by these schemas. */

import { z } from 'zod';

/** A time in ms since 1970. */
export const instant = z.number().int().min(0).max(253_402_300_799_999);

/** From, inclusive, until, exclusive. */
export const range = z.object({ from: instant, to: instant });
/** A span of time. */
export type Range = z.output<typeof range>;

/** A value of a row, as JSON has it. */
export const value: z.ZodType<Value> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(value), z.record(z.string(), value)]),
);
/** A value of a row. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

/** A column of rows that stream. */
const column = z.object({ name: z.string(), kind: z.enum(['text', 'number', 'time', 'boolean', 'other']) });
/** A column. */
export type Column = z.output<typeof column>;

/** One line of an answer that streams: first `asked`, then `columns`, `rows` as often as there are any, and one `end` or `failed`. */
export const streamed = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('asked'), sql: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) }),
  z.object({ kind: z.literal('columns'), columns: z.array(column) }),
  z.object({ kind: z.literal('rows'), rows: z.array(z.array(value)) }),
  z.object({ kind: z.literal('end'), rows: z.number(), hasMore: z.boolean(), bytesScanned: z.number().optional() }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);
/** A line. */
export type Streamed = z.output<typeof streamed>;

/** Names of the console's filters: columns of `m365_activity`, and `who` for any of them that names somebody or something. */
export const filterNames = ['dataset', 'tenant', 'actor', 'source_ip', 'activity', 'outcome', 'target', 'source', 'any'] as const;
/** One of them. */
export type FilterName = (typeof filterNames)[number];

/** One condition: the column is the value, or is not. `contains` looks for the text anywhere, in small and capital letters. */
const filter = z.object({
  name: z.enum(filterNames),
  how: z.enum(['is', 'is-not', 'contains']),
  value: z.string().min(1).max(1_000),
});
/** A condition. */
export type Filter = z.output<typeof filter>;

/** What to look for: a span, conditions that all have to hold, and words. */
export const search = range.extend({ filters: z.array(filter).max(20), words: z.string().max(500) });
/** What to look for. */
export type Search = z.output<typeof search>;

/** Levels of findings, the least first. */
export const levels = ['informational', 'low', 'medium', 'high', 'critical'] as const;
