import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';

/** SHA-256 of a file's bytes, in lower-case hex; read in pieces, whatever its size. Throws when there is no such file. */
export async function digestOfFile(file: string): Promise<string> {
  return (await digestOfStream(createReadStream(file))).sha256;
}

/** SHA-256 of what is read from the stream, in lower-case hex, and how many bytes it was. */
export async function digestOfStream(stream: Readable): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { sha256: hash.digest('hex'), bytes };
}
