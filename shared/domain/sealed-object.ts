/** Objects of the lake with the digests of their bytes, as the ledger keeps them from the write that makes a job final. */

/** What an object's bytes are. */
export interface ObjectDigest {
  /** SHA-256 in lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** One object of a job: its key follows from the dataset and the job. */
export interface SealedObject extends ObjectDigest {
  readonly dataset: string;
  readonly rows: number;
}

/** As one short text, for a ledger's row: an object a line. */
export function packSealed(objects: readonly SealedObject[]): string {
  return objects.map(({ dataset, sha256, bytes, rows }) => [dataset, sha256, bytes, rows].join(' ')).join('\n');
}

/** Of what {@link packSealed} made. */
export function unpackSealed(text: string): SealedObject[] {
  return text.split('\n').map((line) => {
    const [dataset = '', sha256 = '', bytes, rows] = line.split(' ');
    return { dataset, sha256, bytes: Number(bytes), rows: Number(rows) };
  });
}
