/** Remembers what was made last, up to a total weight; what was used longest ago goes first. */
export interface BoundedCache<V> {
  get(key: string, make: () => V): V;
}

/** @param weigh What an entry counts against `maxWeight` (bytes, records, …). */
export function boundedCache<V>(weigh: (value: V) => number, maxWeight: number): BoundedCache<V> {
  const entries = new Map<string, V>();
  let weight = 0;

  const forgetOldest = () => {
    for (const [key, value] of entries) {
      if (weight <= maxWeight || entries.size === 1) return;
      entries.delete(key);
      weight -= weigh(value);
    }
  };

  return {
    get(key, make) {
      const known = entries.get(key);
      const value = known ?? make();
      // A Map keeps the order of insertion: inserting again makes the entry the newest.
      entries.delete(key);
      entries.set(key, value);
      if (known === undefined) {
        weight += weigh(value);
        forgetOldest();
      }
      return value;
    },
  };
}
