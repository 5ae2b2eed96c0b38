/** The table of sightings, for those who make it. */

/** Keys are texts; the attribute that ends an item's life is in seconds since 1970. */
export const sightingsTable = { partitionKey: 'pk', sortKey: 'sk', ttlAttribute: 'ttl' } as const;
