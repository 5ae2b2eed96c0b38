/** An index of indicators that lies in a file. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { IndexBytes } from '../detections/indicator-lists/open-index.ts';

/** The bytes of a file until `close`; undefined where there is none. What takes the file's place meanwhile is not seen. */
export function openIndexFile(path: string): (IndexBytes & { close(): void }) | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { size } = fstatSync(descriptor);
  const read = (position: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
  };
  return {
    length: size,
    read,
    close: () => {
      closeSync(descriptor);
    },
  };
}
