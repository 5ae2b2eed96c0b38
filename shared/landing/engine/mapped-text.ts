/** What texts that stand in records mean, worked out once for all records that have the same text. */

import type { Value } from './cells.ts';
import type { Engine, Row } from './engine.ts';
import type { LandingContext, ValueReader } from './context.ts';
import { Leaf } from './leaf.ts';
import type { Sources } from './sources.ts';

/** @param meaningOf Called once for each different text, while few of them are different. */
export function mappedText(sources: Sources, { engine, hidden }: LandingContext, meaningOf: (text: string) => Value): ValueReader {
  const meanings = new Meanings(sources, engine, meaningOf);
  hidden.push(meanings);
  return (row) => meanings.read(row);
}

class Meanings {
  private readonly sources: Sources;
  private readonly engine: Engine;
  private readonly meaningOf: (text: string) => Value;
  /** Numbers the texts. */
  private readonly texts: Leaf;
  private known: Value[] = [];
  /** Where nearly every text is another one, keeping them is of no use. */
  private isWorthIt = true;

  constructor(sources: Sources, engine: Engine, meaningOf: (text: string) => Value) {
    this.sources = sources;
    this.engine = engine;
    this.meaningOf = meaningOf;
    this.texts = new Leaf({ path: [], type: 'text', maxDefinition: 0, maxRepetition: 0 }, engine);
  }

  read(row: Row): Value {
    if (!this.isWorthIt) return this.workOut(row);
    const code = this.texts.codeAt(this.sources, row);
    if (code < 0) return null;
    if (code < this.known.length) return this.known[code] ?? null;
    const value = this.workOut(row);
    this.known.push(value);
    if (!this.texts.isDictionary()) this.forget();
    return value;
  }

  clear(): void {
    this.texts.clear();
    this.known = [];
    this.isWorthIt = true;
  }

  private forget(): void {
    this.known = [];
    this.isWorthIt = false;
  }

  private workOut(row: Row): Value {
    const cell = this.engine.calls.find(this.sources, row);
    const value = cell === 0 ? null : this.meaningOf(this.engine.text(cell));
    return value === '' ? null : value;
  }
}
