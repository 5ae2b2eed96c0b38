/**
 * Bytes that stand between records and mean nothing: NUL, which a disk that was lost leaves at a file's end, the end of a file in DOS, and
 * what JSON text sequences (RFC 7464) begin each record with.
 */
export const isFiller = (byte: number | undefined): boolean => byte === 0 || byte === 0x1a || byte === 0x1e;
