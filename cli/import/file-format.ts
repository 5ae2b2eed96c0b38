/** What a file holds, judged by its beginning. */
export type FileFormat =
  /** A record a line. */
  | { readonly kind: 'json-lines' }
  /** Arrays, Graph pages, or objects over several lines. */
  | { readonly kind: 'json' }
  /** A Purview audit export, or another table with a column of JSON records. */
  | { readonly kind: 'csv'; readonly delimiter: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** So much of a file's beginning is enough. */
export const formatHeadBytes = 65_536;

/** @param head The beginning of the unpacked file, in UTF-8, without a byte order mark. */
export function fileFormat(head: Buffer): FileFormat {
  const text = head.toString('utf8');
  const begin = text.trimStart();
  if (begin === '') return { kind: 'json-lines' };
  if (begin.startsWith('[')) return { kind: 'json' };
  if (begin.startsWith('{')) return { kind: isOverLines(begin) || isLongPage(begin) ? 'json' : 'json-lines' };
  const heading = begin.slice(0, begin.search(/[\r\n]|$/));
  if (/auditdata/i.test(heading)) return { kind: 'csv', delimiter: delimiterOf(heading) };
  // A first line that is broken is a bad line, where others look like records.
  if (/^\s*\{/m.test(text)) return { kind: 'json-lines' };
  return { kind: 'unknown', why: guess(begin, heading) };
}

/** A first line that leaves its object open, and a second one that goes on with it rather than beginning another. */
function isOverLines(text: string): boolean {
  const end = text.search(/[\r\n]/);
  if (end < 0) return false;
  const rest = text.slice(end).trimStart();
  return openBraces(text.slice(0, end)) > 0 && !rest.startsWith('{');
}

/** A page on one line can be of any size, so its line is not read whole. */
function isLongPage(text: string): boolean {
  return !/[\r\n]/.test(text) && /^\{(?:\s*"(?:@|odata|nextLink|count)[^"]*"\s*:\s*(?:"[^"]*"|\w+)\s*,)*\s*"value"\s*:\s*\[/i.test(text);
}

function openBraces(line: string): number {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"/g, '');
  return (bare.match(/[{[]/g) ?? []).length - (bare.match(/[}\]]/g) ?? []).length;
}

/** Excel writes `;` where the comma is for decimals. */
function delimiterOf(heading: string): string {
  const times = (delimiter: string): number => heading.split(delimiter).length;
  return [',', ';', '\t'].reduce((most, delimiter) => (times(delimiter) > times(most) ? delimiter : most));
}

function guess(begin: string, heading: string): string {
  if (begin.startsWith('PK')) return 'it is a zip archive: unpack it first';
  if (begin.startsWith('PAR1')) return 'it is a Parquet file: import what it was made from';
  if (begin.startsWith('<')) return 'it is HTML or XML, perhaps an error page that was saved';
  if (/^"?[\w .-]+"?(?:[,;\t]"?[\w .-]+"?)+$/.test(heading))
    return `it looks like CSV, and has no AuditData column; its columns are ${heading.slice(0, 200)}`;
  return 'it is neither JSON lines, a JSON array, a Graph page, nor CSV with an AuditData column';
}
