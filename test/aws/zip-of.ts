import { crc32 } from 'node:zlib';

/** A zip file with one file in it, as it is. @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
export function zipOf(name: string, text: string): Buffer {
  const [path, bytes] = [Buffer.from(name), Buffer.from(text)];
  // Version 2.0, no flags, stored, 1 January 1980.
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(0x21, 8);
  facts.writeUInt32LE(crc32(bytes), 10);
  facts.writeUInt32LE(bytes.length, 14);
  facts.writeUInt32LE(bytes.length, 18);
  facts.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, path, bytes]);
  // Made by Unix; a regular file for all to read.
  const attributes = Buffer.alloc(14);
  attributes.writeUInt32LE(0o100644 * 2 ** 16, 6);
  const entry = Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), facts, attributes, path]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}
