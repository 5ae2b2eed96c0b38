/** What is looked for in a record: every place that any column reads. Readers are made against a plan, before the first record is read. */

import { cellBytes, kinds, type Cell, type Engine, type Row } from './engine.ts';
import type { Step } from './path.ts';

/** The cell of a place, as seen from a row; 0 when there is nothing. */
export type Place = (row: Row) => Cell;

/** The fields looked for in the records, in an object within them, or in the elements of a list. */
export class Plan {
  readonly shape: number;
  readonly engine: Engine;
  private readonly fields = new Map<string, Field>();

  constructor(engine: Engine) {
    this.engine = engine;
    this.shape = engine.calls.newShape();
  }

  /** The numbers of the fields on the way to a place, each within the one before. Empty for the row itself. */
  fieldsTo(steps: readonly Step[]): number[] {
    const [first, ...more] = steps;
    if (first === undefined) return [];
    const field = this.field(nameOf(first));
    return more.length === 0 ? [field.number] : [field.number, ...this.object(nameOf(first)).fieldsTo(more)];
  }

  place(steps: readonly Step[]): Place {
    const { engine } = this;
    const [first = 0, ...more] = this.fieldsTo(steps).map((field) => field * cellBytes);
    if (more.length === 0) return (row) => row + first;
    return (row) => {
      let cell = row + first;
      for (const offset of more) {
        if (engine.kind(cell) !== kinds.object) return 0;
        cell = engine.within(cell) + offset;
      }
      return cell;
    };
  }

  /** The plan of the elements of the list that the path leads to. */
  elements(steps: readonly Step[]): Plan {
    const last = steps.at(-1);
    if (last === undefined) throw new Error('a list has a name');
    const holder = steps.slice(0, -1).reduce((plan: Plan, step) => plan.object(nameOf(step)), this);
    const field = holder.field(nameOf(last));
    field.element ??= new Plan(this.engine);
    holder.setWithin(nameOf(last), 0, field.element.shape);
    return field.element;
  }

  private object(name: string): Plan {
    const field = this.field(name);
    field.object ??= new Plan(this.engine);
    this.setWithin(name, field.object.shape, 0);
    return field.object;
  }

  private field(name: string): Field {
    const bytes = Buffer.from(name);
    const field = this.fields.get(name) ?? { number: this.engine.calls.addField(this.shape, this.engine.keep(bytes), bytes.length) };
    this.fields.set(name, field);
    return field;
  }

  private setWithin(name: string, object: number, element: number): void {
    const bytes = Buffer.from(name);
    this.engine.calls.setWithinField(this.shape, this.engine.keep(bytes), bytes.length, object, element);
  }
}

interface Field {
  readonly number: number;
  object?: Plan;
  element?: Plan;
}

/** @throws For every element of a list: there is no single value then. */
function nameOf(step: Step): string {
  if (step === 'each') throw new Error('a single value cannot be read from every element of a list');
  return step.name;
}
