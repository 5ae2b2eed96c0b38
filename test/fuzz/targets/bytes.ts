/** Bodies as bytes: packed or not, whole or cut off, honest or bombs. */

import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { bodyToBuffer, BodyTooLarge, UnknownEncoding } from '../../../shared/microsoft/http-body.ts';
import { hold, target, type Target } from '../target.ts';

const maxBytes = 4_096;
const bounds = { ratio: 100, ratioFreeBytes: 1_024, signal: new AbortController().signal };

const text = fc.oneof(
  fc.string({ maxLength: 400 }).map((json) => Buffer.from(JSON.stringify([{ json }]))),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.integer({ min: 0, max: 40_000 }).map((length) => Buffer.alloc(length, 0x20)),
);
const spoilt = fc.tuple(fc.nat(), fc.nat(255), fc.nat(3));

const body = fc.record({
  bytes: fc
    .tuple(text, fc.constantFrom('plain', 'gzip', 'twice'), fc.option(spoilt))
    .map(([plain, packing, spoil]) => spoiledBody(plain, packing, spoil)),
  encoding: fc.constantFrom(undefined, 'identity', 'gzip', 'gzip', 'GZIP', 'x-gzip', 'br', 'deflate', '', 'none'),
  chunk: fc.integer({ min: 1, max: 5_000 }),
});

type Spoil = readonly [place: number, byte: number, how: number];

function spoiledBody(plain: Buffer, packing: string, spoil: Spoil | null): Buffer {
  const packed = packing === 'plain' ? plain : packing === 'gzip' ? gzipSync(plain) : Buffer.concat([gzipSync(plain), gzipSync(plain)]);
  if (!spoil || packed.length === 0) return packed;
  const [place, byte, how] = [spoil[0] % packed.length, spoil[1], spoil[2]];
  if (how === 0) return packed.subarray(0, place);
  const copy = Buffer.from(packed);
  copy[place] = byte;
  return copy;
}

function responseOf(bytes: Buffer, encoding: string | undefined, chunk: number): IncomingMessage {
  const chunks: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += chunk) chunks.push(bytes.subarray(from, from + chunk));
  return Object.assign(Readable.from(chunks), {
    headers: encoding === undefined ? {} : { 'content-encoding': encoding },
  }) as unknown as IncomingMessage;
}

/** What the body should come to: its bytes, or why not. */
function expected(bytes: Buffer, encoding: string | undefined): Buffer | 'refused' {
  const given = encoding?.toLowerCase() ?? '';
  const name = ['', 'none'].includes(given) ? 'identity' : given.replace(/^x-/, '');
  if (name !== 'identity' && name !== 'gzip') return 'refused';
  try {
    const plain = name === 'gzip' ? gunzipSync(bytes) : bytes;
    return plain.length > maxBytes ? 'refused' : plain;
  } catch {
    return 'refused';
  }
}

export const byteTargets: readonly Target[] = [
  target({ name: 'gzip', what: 'bodies as bytes, against zlib', share: 30, cost: 20 }, body, async ({ bytes, encoding, chunk }) => {
    const wanted = expected(bytes, encoding);
    const got = await bodyToBuffer(responseOf(bytes, encoding, chunk), maxBytes, bounds).catch((error: unknown) => {
      const isKnown =
        error instanceof BodyTooLarge ||
        error instanceof UnknownEncoding ||
        (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'));
      hold(isKnown, `it ends with ${String(error)}`);
      return error;
    });
    if (got instanceof Error) {
      const isBomb = wanted !== 'refused' && wanted.length > bounds.ratioFreeBytes && wanted.length > bytes.length * bounds.ratio;
      hold(wanted === 'refused' || isBomb || got instanceof BodyTooLarge, `a good body is refused: ${String(got)}`);
      return;
    }
    hold(wanted !== 'refused', 'a broken or too large body is taken');
    hold(Buffer.isBuffer(got) && got.equals(wanted), 'it is taken for other bytes');
  }),
];
