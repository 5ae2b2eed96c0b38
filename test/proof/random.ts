/** Chance that a seed decides: the same seed and name give the same numbers. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private count = 1;

  /** @param name Keeps the numbers of one part of the simulation apart from those of the others. */
  constructor(seed: number, name: string) {
    [this.a, this.b, this.c] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, hash32(name)];
    for (let warmUp = 0; warmUp < 12; warmUp += 1) this.next();
  }

  /** 0 <= x < 1. Small Fast Counter, 32 bits. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.count) | 0;
    this.count = (this.count + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** True in this share of all cases; never draws for 0 and 1, so that switching a rate off keeps the rest. */
  chance(share: number): boolean {
    return share > 0 && (share >= 1 || this.next() < share);
  }

  /** A whole number, both ends included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  between(from: number, to: number): number {
    return Math.floor(from + this.next() * (to - from));
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.whole(0, choices.length - 1)];
    if (choice === undefined) throw new Error('there is nothing to pick from');
    return choice;
  }

  shuffled<T>(things: readonly T[]): T[] {
    return things
      .map((thing) => ({ thing, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ thing }) => thing);
  }
}

/** FNV-1a. */
export function hash32(text: string, from = 0x811c9dc5): number {
  let hash = from;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
