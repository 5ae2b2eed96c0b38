/** YAML files as documents that know where everything in them stands. */

import { isNode, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import type { Refusal, RulePath } from './refused.ts';

/** One document of a file. */
export interface RuleDocument {
  readonly file: string;
  /** Counted from 0 within its file. */
  readonly index: number;
  readonly value: Readonly<Record<string, unknown>>;
  /** Line and column, from 1, of the nearest thing that stands at a path. */
  place(at: RulePath): { readonly line: number; readonly column: number };
}

/** Larger files are no rules; what a file expands to is bounded by the parser (100 aliases). */
const mostBytes = 1024 * 1024;

/** The documents of a file; those that are no YAML, or no mapping, are refusals. Empty documents are left out. */
export function readDocuments(
  file: string,
  text: string,
): { readonly documents: readonly RuleDocument[]; readonly refusals: readonly Refusal[] } {
  if (text.length > mostBytes) {
    const message = `the file has ${String(text.length)} characters; a file of rules has at most ${String(mostBytes)}: split it`;
    return { documents: [], refusals: [{ file, line: 1, column: 1, message }] };
  }
  const lines = new LineCounter();
  const documents: RuleDocument[] = [];
  const refusals: Refusal[] = [];
  for (const [index, parsed] of [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true })].entries()) {
    const read = readDocument({ file, index, lines }, parsed);
    if (read === undefined) continue;
    if ('message' in read) refusals.push(read);
    else documents.push(read);
  }
  return { documents, refusals };
}

function readDocument(
  { file, index, lines }: { readonly file: string; readonly index: number; readonly lines: LineCounter },
  parsed: Document.Parsed,
): RuleDocument | Refusal | undefined {
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refuse = (offset: number, message: string): Refusal => ({ file, ...placeOf(offset), message });
  const [error] = parsed.errors;
  if (error) return refuse(error.pos[0], `no YAML: ${error.message}`);
  let value: unknown;
  try {
    value = parsed.toJS();
  } catch (cause) {
    return refuse(parsed.range[0], `no YAML: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) return refuse(parsed.range[0], 'a rule is a mapping, such as `title: ...`');
  const place = (at: RulePath) => placeOf(nodeAt(parsed, at)?.range?.[0] ?? parsed.range[0]);
  return { file, index, value: value as Readonly<Record<string, unknown>>, place };
}

/** The node at the path, or the nearest one above it. */
function nodeAt(parsed: Document.Parsed, at: RulePath): Node | undefined {
  for (let depth = at.length; depth > 0; depth -= 1) {
    const found: unknown = parsed.getIn(at.slice(0, depth), true);
    if (isNode(found)) return found;
  }
  return parsed.contents ?? undefined;
}
