/** What an import cannot land, kept with the place it came from. */

import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quarantineKey } from '../../shared/domain/landing-key.ts';
import { streamKey } from '../../shared/domain/stream.ts';
import { utcDate } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LocalLake } from '../../local/lake.ts';
import type { ImportTarget } from './import-target.ts';

export interface BadRecord {
  readonly file: string;
  readonly line: number;
  readonly why: string;
  readonly bytes: Buffer;
}

/**
 * Keeps bad records as one object of JSON lines: file, line, why, and the text (base64 where it is no UTF-8).
 *
 * Its key is a function of the bad records, not of the day or the file's name: the same ones are kept once.
 *
 * @returns The key, of the object that was there already or is now.
 */
export async function quarantineRecords(
  bad: readonly BadRecord[],
  target: ImportTarget,
  folder: string,
  deps: { lake: LocalLake; clock: Clock },
): Promise<string> {
  const job = { jobId: identityOf(bad, target), landingDate: utcDate(deps.clock.now()) };
  const key = quarantineKey(target.logType.dataset, job, 0);
  const name = key.slice(key.lastIndexOf('/'));
  const there = (await deps.lake.list(`quarantine/${target.logType.dataset}/`)).find((known) => known.endsWith(name));
  if (there !== undefined) return there;

  const file = join(folder, 'quarantine.jsonl');
  await writeFile(file, bad.map((one) => `${JSON.stringify(asJson(one))}\n`).join(''));
  await deps.lake.putOnce(key, file);
  return key;
}

function asJson({ file, line, why, bytes }: BadRecord): Readonly<Record<string, string | number>> {
  const content = isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
  return { file, line, why, ...content };
}

function identityOf(bad: readonly BadRecord[], { stream }: ImportTarget): string {
  const hash = createHash('sha256').update(`${streamKey(stream)}\nimport\n`);
  for (const { line, why, bytes } of bad)
    hash
      .update(`${String(line)} ${why}\n`)
      .update(bytes)
      .update('\n');
  return hash.digest('hex').slice(0, 32);
}
