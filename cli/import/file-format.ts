import { isPreamble, isRecordColumn } from './csv-records.ts';
import { JsonElements } from './json-elements.ts';

/** What a file holds, judged by its beginning. */
export type FileFormat =
  /** A record a line. */
  | { readonly kind: 'json-lines' }
  /** Arrays, pages, texts, or objects over several lines. */
  | { readonly kind: 'json' }
  /** A Purview audit export, or another table with a column of JSON records. */
  | { readonly kind: 'csv'; readonly delimiter: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** So much of a file's beginning is enough. */
export const formatHeadBytes = 65_536;

/** @param head The beginning of the unpacked file, in UTF-8, without a byte order mark. Every test of it is linear in its length. */
export function fileFormat(head: Buffer): FileFormat {
  const begin = head.toString('utf8').replace(/^[\s\0\u001a\u001e]+/, '');
  if (begin === '') return { kind: 'json-lines' };
  const archive = archives.find(({ magic }) => head.subarray(0, magic.length).equals(magic));
  if (archive) return { kind: 'unknown', why: archive.why };
  if (begin.startsWith('[')) return { kind: 'json' };
  if (begin.startsWith('{')) return { kind: isOverLines(begin) || isLongPage(begin) ? 'json' : 'json-lines' };
  const lines = begin.split(/[\r\n]+/, 64).map((line) => line.trim());
  if (isFormatList(lines)) return { kind: 'unknown', why: formatListCure };
  const delimiter = delimiterOf(lines);
  if (delimiter !== undefined) return { kind: 'csv', delimiter };
  // A first line that is broken is a bad line, where others look like records.
  if (lines.some((line) => line.startsWith('{'))) return { kind: 'json-lines' };
  if (isPrefixed(lines)) return { kind: 'json-lines' };
  if (begin.startsWith('"') || begin.includes('{"') || lines.some((line) => line.startsWith('['))) return { kind: 'json' };
  return { kind: 'unknown', why: guess(begin, lines[0] ?? '') };
}

const packedBy = (name: string): string => `it is packed by ${name}, not by gzip: unpack it first`;
/** What is no text, by its first bytes, whatever can be read within it. */
const archives = [
  {
    magic: Buffer.from('PK\u0003\u0004', 'latin1'),
    why: 'it is a zip archive, or a workbook of Excel: unpack it first, or save the sheet as CSV UTF-8',
  },
  { magic: Buffer.from('PAR1'), why: 'it is a Parquet file: import what it was made from' },
  { magic: Buffer.from('Obj\u0001', 'latin1'), why: 'it is an Avro file, perhaps of Event Hubs Capture: write its bodies as JSON lines' },
  { magic: Buffer.from('BZh'), why: packedBy('bzip2') },
  { magic: Buffer.from('\u00fd7zXZ', 'latin1'), why: packedBy('xz') },
  { magic: Buffer.from("7z\u00bc\u00af'\u001c", 'latin1'), why: packedBy('7-Zip') },
  { magic: Buffer.from('(\u00b5/\u00fd', 'latin1'), why: packedBy('zstd') },
  { magic: Buffer.from('ElfFile'), why: 'it is an event log of Windows, which holds no record of Microsoft 365' },
  { magic: Buffer.from('SQLite format 3'), why: 'it is a database of SQLite: write its records as JSON lines' },
];

/** Lines that end with a record, after what syslog or a program puts before it. */
function isPrefixed(lines: readonly string[]): boolean {
  const [first = ''] = lines;
  return !/^["[]/.test(first) && first.slice(0, 1_024).includes('{"') && first.endsWith('}');
}

/** `Name : value` on line after line, with the records as one of the values: what PowerShell prints for people. */
function isFormatList(lines: readonly string[]): boolean {
  const names = lines.flatMap((line) => /^([A-Za-z]\w*)\s*: /.exec(line)?.[1] ?? []);
  return names.length >= 3 && names.some(isRecordColumn);
}

const formatListCure =
  'it is what PowerShell prints for people (Format-List), with records broken at the width of a window; ' +
  'export them again: Search-UnifiedAuditLog ... | Export-Csv -NoTypeInformation -Path audit.csv, or ... | ConvertTo-Json -Depth 10 > audit.json';

/** A first line that leaves its object open, and a second one that goes on with it rather than beginning another. */
function isOverLines(text: string): boolean {
  const end = text.search(/[\r\n]/);
  if (end < 0) return false;
  return isOpen(text.slice(0, end)) && !text.slice(end).trimStart().startsWith('{');
}

/** A page on one line can be of any size, so its line is not read whole. */
function isLongPage(text: string): boolean {
  if (/[\r\n]/.test(text)) return false;
  const elements = new JsonElements();
  elements.push(Buffer.from(text));
  return elements.isInPage;
}

/** Whether more brackets open than close, outside of strings. */
function isOpen(line: string): boolean {
  let [depth, isInString] = [0, false];
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at];
    if (isInString && char === '\\') at += 1;
    else if (char === '"') isInString = !isInString;
    else if (!isInString && (char === '{' || char === '[')) depth += 1;
    else if (!isInString && (char === '}' || char === ']')) depth -= 1;
  }
  return depth > 0;
}

/** Excel writes `;` where the comma is for decimals, and what lies on the clipboard has tabs. */
const delimiters = [',', ';', '\t', '|', '^'];

/** Of a table that has a column of records, by its headings; or else by rows that look as if they had one. */
function delimiterOf(lines: readonly string[]): string | undefined {
  const declared = lines.map((line) => /^"?sep=(.)"?$/i.exec(line)?.[1]).find((char) => char !== undefined && delimiters.includes(char));
  const [headings = '', row = ''] = withoutTitle(lines.filter((line) => !isPreamble(line)));
  const usual = delimiters.reduce((most, one) => (columns(headings, one).length > columns(headings, most).length ? one : most));
  const delimiter = declared ?? usual;
  if (columns(headings, delimiter).some(isRecordColumn)) return delimiter;
  // A table without headings, or whose headings are broken, is recognized by a row: JSON in quotes, with its own quotes escaped.
  const isHeading = !headings.includes('{') && columns(headings, delimiter).length > 1;
  const first = isHeading ? row : headings;
  const cell = first.search(/"\{(?:""|\\")/);
  if (cell < 0) return undefined;
  return cell === 0 ? delimiter : delimiters.find((one) => one === first[cell - 1]);
}

/** Some exports begin with lines for people: a title, a comment, who made it when. */
function withoutTitle(lines: readonly string[]): readonly string[] {
  const records = lines.findIndex((line) => line.includes('{'));
  const before = lines.slice(0, records < 0 ? lines.length : records);
  const headings = before.findIndex((line) => delimiters.some((one) => columns(line, one).some(isRecordColumn)));
  return lines.slice(Math.max(0, headings));
}

const columns = (line: string, delimiter: string): string[] => line.slice(0, 8_192).split(delimiter);

function guess(begin: string, heading: string): string {
  if (begin.startsWith('\x1f\ufffd')) return 'it is gzip within gzip, again and again: unpack it first';
  if (begin.startsWith('<')) return 'it is HTML or XML, perhaps an error page that was saved';
  const other = /audit ?data"?([^\w\s",.])|([^\w\s",.])"?audit ?data\b/i.exec(heading.slice(0, 8_192));
  if (other) return `it looks like a table whose columns are separated by '${other[1] ?? other[2] ?? ''}'; export it with , ; | ^ or tabs`;
  if (delimiters.some((one) => columns(heading, one).length > 1) && /^[\p{L}\p{N}_ "'.,;|\t()[\]/:-]+$/u.test(heading))
    return (
      `it looks like CSV, and has no AuditData column; its columns are ${heading.slice(0, 200)}. A table that a portal or Sentinel has ` +
      'taken apart holds no whole record: download it as JSON'
    );
  return 'it is neither JSON lines, a JSON array, a Graph page, nor CSV with an AuditData column';
}
