/** What reading a file comes to, piece by piece. */
export type Found =
  /** Bytes that stand where a record should; nobody has looked inside yet. */
  | { readonly kind: 'record'; readonly line: number; readonly bytes: Buffer; readonly isFragment?: boolean }
  /** What cannot be a record, with as much of it as there is memory for. */
  | { readonly kind: 'bad'; readonly line: number; readonly bytes: Buffer; readonly why: string; readonly isFragment?: boolean };

/** A record that is longer is kept aside: DuckDB reads JSON objects of up to 16 MB. */
export const maxRecordBytes = 15 * 2 ** 20;

/** Why a longer one is kept aside. */
export const tooLong = `longer than ${String(maxRecordBytes / 2 ** 20)} MB`;
