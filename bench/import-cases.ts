import { createWriteStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';

/** A file that an import has to survive, and what has to come of it. */
export interface ImportCase {
  readonly name: string;
  readonly landed: number;
  readonly quarantined: number;
  /** Writes it piece by piece. */
  readonly write: (file: string) => Promise<void>;
}

const record = (number: number, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    Id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    CreationTime: '2026-11-20T10:00:00',
    Operation: 'Send',
    RecordType: 2,
    Workload: 'Exchange',
    UserId: 'lee@contoso.example',
    ...more,
  });
const row = (json: string): string => `1,"${json.replaceAll('"', '""')}"\r\n`;
const heading = 'RecordId,AuditData\r\n';

/** @param scale 1 is what docs/import.md names; less is for a trial. A record of 15 MiB is one at any scale. */
export function importCases(scale: number): readonly ImportCase[] {
  const [short, brackets, unpacked] = [1_000_000 * scale, 200e6 * scale, 20e6 * scale];
  return [
    {
      name: `${short.toLocaleString('en-US')} short rows`,
      landed: short,
      quarantined: 0,
      write: (file) => written(file, plain, [heading], rows(0, short)),
    },
    {
      name: `${megabytes(brackets)} MB of brackets`,
      landed: 0,
      quarantined: 1,
      write: (file) =>
        written(
          file,
          plain,
          ['[{"Id":'],
          times(brackets / 1e4, () => '['.repeat(1e4)),
        ),
    },
    {
      name: `gzip of ${megabytes(unpacked)} MB with one broken row`,
      landed: 10,
      quarantined: 1,
      write: (file) => written(file, packed, [heading], rows(0, 5), brokenRow(unpacked), rows(5, 5)),
    },
    {
      name: '550 rows and one of 15.02 MiB',
      landed: 550,
      quarantined: 1,
      write: (file) =>
        written(file, plain, [heading], rows(0, 50), [row(record(999, { Pad: 'x'.repeat(15.02 * 2 ** 20) }))], rows(50, 500)),
    },
  ];
}

const megabytes = (bytes: number): string => String(bytes / 1e6);

const rows = (first: number, count: number): Iterable<string> => times(count, (index) => row(record(first + index)));

/** Its quotes are escaped in no way that CSV has, so that every one of them could be the end of the row's. */
function* brokenRow(bytes: number): Generator<string> {
  yield '1,"{"Id":"x",';
  yield* times(bytes / 1e3, (number) => `"k${String(number)}":"${'\\"{"a":1},'.repeat(98)}",`);
  yield '\r\n';
}

function* times(count: number, text: (number: number) => string): Generator<string> {
  for (let number = 0; number < count; number += 1) yield text(number);
}

const plain = (): PassThrough => new PassThrough();
const packed = (): Gzip => createGzip();

async function written(file: string, packing: () => PassThrough | Gzip, ...parts: readonly Iterable<string>[]): Promise<void> {
  await pipeline(Readable.from(chained(parts)), packing(), createWriteStream(file));
}

function* chained(parts: readonly Iterable<string>[]): Generator<string> {
  for (const part of parts) yield* part;
}
