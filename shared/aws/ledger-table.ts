/** The ledger's DynamoDB table, for those who make it: keys, index and the attribute with the time at which an item expires. */

/**
 * One table. `pk` is the stream, `sk` names what the item is; see ledger-items.ts.
 *
 * The index is sparse: only pending jobs have its two attributes. It projects keys only, for every change of a due time is
 * paid there a second time.
 */
export const ledgerTable = {
  /** Text. */
  partitionKey: 'pk',
  /** Text. */
  sortKey: 'sk',
  /** Seconds since 1970; absent on what never expires. */
  ttlAttribute: 'ttl',
  dueIndex: {
    name: 'due',
    /** Text: one of {@link dueShards}. */
    partitionKey: 'dueShard',
    /** Number: milliseconds since 1970. */
    sortKey: 'dueAt',
  },
} as const;

/** The due index is spread over this many partitions; each takes 1,000 writes a second. */
export const dueShards = ['0', '1', '2', '3'] as const;
