/** Expressions that take a text as it stands in the record: the engine finds it, and it never becomes a string of JavaScript's. */

import type { Expression } from '../../domain/columns.ts';
import { cellBytes, fieldPathOf, type Engine } from './engine.ts';
import { stepsOf } from './path.ts';
import type { Plan } from './plan.ts';

/** The address of places in the engine's memory, of which the first that is filled counts. */
export type Sources = number;

/** A place, as seen from a row. */
interface Source {
  /** Numbers of the fields that lead there. */
  readonly fields: readonly number[];
  /** Words that are as good as nothing. */
  readonly words: readonly string[];
  /** The place is a list of pairs, and this one's value is meant; with the numbers of both fields. */
  readonly pair?: { readonly name: string; readonly nameField: number; readonly valueField: number };
}

/** @returns Undefined for an expression that works something out. */
export function sourcesOf(from: Expression, plan: Plan): Sources | undefined {
  const words = from.op === 'except' && from.of.op === 'first' ? from.words : [];
  const places = placesOf(words.length > 0 && from.op === 'except' ? from.of : from, plan);
  return places && compile(places, words, plan.engine);
}

/** The place itself, or the first that is filled of several. */
export const sourcesAt = (paths: readonly string[], plan: Plan): Sources =>
  compile(
    paths.map((path) => ({ fields: plan.fieldsTo(stepsOf(path)), words: [] })),
    [],
    plan.engine,
  );

function placesOf(from: Expression, plan: Plan): readonly Source[] | undefined {
  switch (from.op) {
    case 'field':
      return from.as === 'text' ? [{ fields: plan.fieldsTo(stepsOf(from.path)), words: [] }] : undefined;
    case 'absent':
      return [];
    case 'first': {
      const places = from.of.map((of) => placesOf(of, plan));
      return places.includes(undefined) ? undefined : places.flatMap((of) => of ?? []);
    }
    case 'except': {
      if (from.of.op === 'first') return undefined;
      return placesOf(from.of, plan)?.map((place) => ({ ...place, words: [...place.words, ...from.words] }));
    }
    case 'value-of': {
      const steps = stepsOf(from.path);
      const element = plan.elements(steps);
      const [nameField = 0] = element.fieldsTo(stepsOf(from.keys.name));
      const [valueField = 0] = element.fieldsTo(stepsOf(from.keys.value));
      return [{ fields: plan.fieldsTo(steps), words: [], pair: { name: from.name, nameField, valueField } }];
    }
    default:
      return undefined;
  }
}

function compile(places: readonly Source[], words: readonly string[], engine: Engine): Sources {
  const { calls } = engine;
  const sources = calls.newSources();
  for (const { fields, words: wordsOfPlace, pair } of places) {
    calls.addSource(sources, ...fieldPathOf(fields));
    for (const word of wordsOfPlace) calls.addWord(sources, engine.keep(Buffer.from(word)), Buffer.byteLength(word), 0);
    if (pair === undefined) continue;
    const name = Buffer.from(pair.name);
    calls.setPairName(sources, engine.keep(name), name.length, pair.nameField * cellBytes, pair.valueField * cellBytes);
  }
  for (const word of words) calls.addWord(sources, engine.keep(Buffer.from(word)), Buffer.byteLength(word), 1);
  return sources;
}
