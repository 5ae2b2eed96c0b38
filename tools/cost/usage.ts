/** What was used, in the units that AWS charges. */

import { prices, type Unit } from './prices.ts';

/** Units that AWS charges, summed. */
export class Usage {
  private readonly units = new Map<Unit, number>();

  add(unit: Unit, count: number): void {
    this.units.set(unit, this.of(unit) + count);
  }

  of(unit: Unit): number {
    return this.units.get(unit) ?? 0;
  }

  /** In USD. */
  get cost(): number {
    return this.lines().reduce((sum, { usd }) => sum + usd, 0);
  }

  /** One line a unit that was used, in the order of the price table. */
  lines(): readonly { readonly unit: Unit; readonly count: number; readonly usd: number }[] {
    const units = Object.keys(prices) as Unit[];
    return units.filter((unit) => this.of(unit) > 0).map((unit) => ({ unit, count: this.of(unit), usd: this.of(unit) * prices[unit].usd }));
  }

  times(factor: number): Usage {
    const scaled = new Usage();
    for (const [unit, count] of this.units) scaled.add(unit, count * factor);
    return scaled;
  }

  plus(other: Usage): Usage {
    const sum = this.times(1);
    for (const [unit, count] of other.units) sum.add(unit, count);
    return sum;
  }

  /** What is used beyond the other; never less than nothing. */
  beyond(other: Usage): Usage {
    const rest = new Usage();
    for (const [unit, count] of this.units) rest.add(unit, Math.max(0, count - other.of(unit)));
    return rest;
  }
}
