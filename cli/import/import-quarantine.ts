/** What an import cannot land, kept with the place it came from. */

import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quarantineKey } from '../../shared/domain/landing-key.ts';
import { utcHour } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Workspace } from '../../shared/ports/workspace.ts';
import type { LocalLake } from '../../local/lake.ts';
import { maxRecordBytes } from './found.ts';

/** A record that cannot be read, and why. */
export interface BadRecord {
  readonly file: string;
  readonly line: number;
  readonly why: string;
  readonly bytes: Buffer;
}

/** What a bad record takes beside its bytes, so that very many empty ones are bounded too. */
const badRecordOverhead = 500;

/** The folder in `quarantine/`: nobody knows of which dataset they would have been. */
const folderName = 'imported';

/** Bad records until they are kept. */
export class Quarantine {
  readonly keys: string[] = [];
  /** Of all that wait to be kept. */
  bytes = 0;
  private waiting: BadRecord[] = [];
  /** What came after the last one and belongs to it. */
  private ofLast: Buffer[] = [];
  private lastBytes = 0;
  private readonly tenantName: string;
  private readonly deps: { readonly lake: LocalLake; readonly clock: Clock; readonly workspace: Workspace };

  constructor(tenantName: string, deps: { readonly lake: LocalLake; readonly clock: Clock; readonly workspace: Workspace }) {
    this.tenantName = tenantName;
    this.deps = deps;
  }

  /** Keeps all that wait when they come to 16 MB. */
  async add(bad: BadRecord): Promise<void> {
    this.completeLast();
    this.waiting.push(bad);
    this.lastBytes = bad.bytes.length;
    this.bytes += bad.bytes.length + badRecordOverhead;
    if (this.bytes >= 16 * 2 ** 20) await this.keep();
  }

  /** More of the record that came last, as far as there is room for it. */
  addToLast(bytes: Buffer): void {
    const more = bytes.subarray(0, Math.max(0, maxRecordBytes - this.lastBytes));
    if (this.waiting.length === 0 || more.length === 0) return;
    this.ofLast.push(more);
    this.lastBytes += more.length;
    this.bytes += more.length;
  }

  private completeLast(): void {
    const last = this.ofLast.length > 0 ? this.waiting.pop() : undefined;
    if (last) this.waiting.push({ ...last, bytes: Buffer.concat([last.bytes, ...this.ofLast]) });
    this.ofLast = [];
  }

  /**
   * Keeps bad records as one object of JSON lines: file, line, why, and the text (base64 where it is no UTF-8).
   *
   * Its key is a function of the bad records, not of the day or the file's name: the same ones are kept once.
   */
  async keep(): Promise<void> {
    this.completeLast();
    const bad = this.waiting;
    this.waiting = [];
    this.bytes = 0;
    if (bad.length > 0) this.keys.push(await this.put(bad));
  }

  private async put(bad: readonly BadRecord[]): Promise<string> {
    const { lake, clock, workspace } = this.deps;
    const key = quarantineKey(folderName, { jobId: this.identityOf(bad), landingHour: utcHour(clock.now()) }, 0);
    const name = key.slice(key.lastIndexOf('/'));
    const there = (await lake.list(`quarantine/${folderName}/`)).find((known) => known.endsWith(name));
    if (there !== undefined) return there;
    await workspace.use(async (folder) => {
      const file = join(folder, 'quarantine.jsonl');
      await writeFile(file, linesOf(bad));
      await lake.putOnce(key, file);
    });
    return key;
  }

  private identityOf(bad: readonly BadRecord[]): string {
    const hash = createHash('sha256').update(`import ${this.tenantName}\n`);
    for (const { line, why, bytes } of bad)
      hash
        .update(`${String(line)} ${why}\n`)
        .update(bytes)
        .update('\n');
    return hash.digest('hex').slice(0, 32);
  }
}

/** Some lines at a time: all of them as one text would be three times in memory. */
function* linesOf(bad: readonly BadRecord[]): Generator<string> {
  let text = '';
  for (const one of bad) {
    text += `${JSON.stringify(asJson(one))}\n`;
    if (text.length < 2 ** 20) continue;
    yield text;
    text = '';
  }
  yield text;
}

function asJson({ file, line, why, bytes }: BadRecord): Readonly<Record<string, string | number>> {
  const content = isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
  return { file, line, why, ...content };
}
