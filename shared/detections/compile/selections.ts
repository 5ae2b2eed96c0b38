/** A rule bound to the datasets of its logsource. */

import type { RawDatasetName } from '../../log-types/index.ts';
import type { Selection } from '../detection.ts';
import { columnOf, type Place } from '../fields/place.ts';
import type { Source } from '../fields/field-table.ts';
import { placesIn, sourceOf, unknownField } from '../fields/resolve.ts';
import { fold } from '../sigma/pattern.ts';
import type { Allowance, LakeBlock, LakeKind } from '../sigma/lake-block.ts';
import { RuleRefused } from '../sigma/refused.ts';
import type { LogSource } from '../sigma/rule.ts';
import { leavesOf, type Tree } from '../sigma/tree.ts';
import { bind, type BoundTree } from './bound.ts';
import { operationsOf } from './operations.ts';
import { predicateOf, type Predicate } from './predicate.ts';
import { firstText, readerOf } from './read-place.ts';
import type { Row } from './row.ts';

/** What is bound. */
export interface SelectionRequest {
  readonly rule: { readonly logSource: LogSource };
  readonly tree: Tree;
  readonly part: number;
  readonly groupedBy?: readonly string[];
  readonly values?: readonly string[];
  readonly looksUp?: Extract<LakeKind, { kind: 'indicator' }>['fields'];
  readonly lake?: LakeBlock;
}

/**
 * @returns A selection for each dataset that has a field of the rule; undefined where the logsource is none of ours.
 * @throws RuleRefused for a field that none of the datasets has.
 */
export function selectionsOf(request: SelectionRequest): readonly Selection[] | undefined {
  const source = sourceOf(request.rule.logSource);
  if (!source) return undefined;
  const fields = fieldsOf(request);
  for (const { field, at } of fields) {
    if (source.datasets.every((dataset) => placesIn(source, dataset, field).length === 0))
      throw new RuleRefused(unknownField(source, field), at);
  }
  // A dataset that has none of the fields cannot have a row that is meant, unless by keywords or by what it does not have.
  const asked = leavesOf(request.tree).flatMap(({ field }) => field ?? []);
  const datasets = source.datasets.filter(
    (dataset) => asked.length === 0 || asked.some((field) => placesIn(source, dataset, field).length > 0),
  );
  return datasets.map((dataset) => selection(source, dataset, request));
}

/** Every field that the rule names, with its place. */
function fieldsOf({ tree, groupedBy = [], values = [], looksUp = [], lake }: SelectionRequest) {
  const at = ['custom', 'lake'];
  return [
    ...leavesOf(tree).flatMap(({ field, test, at: place = [] }) => [
      ...(field === undefined ? [] : [{ field, at: place }]),
      ...(test.op === 'field' ? [{ field: test.field, at: place }] : []),
    ]),
    ...groupedBy.map((field) => ({ field, at: ['correlation', 'group-by'] })),
    ...values.map((field) => ({ field, at: ['correlation', 'condition'] })),
    ...looksUp.map(({ field }) => ({ field, at: [...at, 'indicator', field] })),
    ...(lake?.allow ?? []).map(({ field }, index) => ({ field, at: [...at, 'allow', index] })),
  ];
}

function selection(source: Source, dataset: RawDatasetName, request: SelectionRequest): Selection {
  const { groupedBy = [], values = [], looksUp = [], part, lake } = request;
  const places = (field: string | undefined): readonly Place[] => placesIn(source, dataset, field);
  const tree = withLogTypes(bind(request.tree, places), source);
  const operations = operationsOf(tree);
  const allowed = (lake?.allow ?? []).map((one) => allowedBy(one, places(one.field)));
  const matches = predicateOf(tree);
  const named = [...groupedBy, ...values, ...looksUp.map(({ field }) => field), ...(lake?.allow ?? []).map(({ field }) => field)];
  return {
    dataset,
    part,
    tree,
    matches: allowed.length === 0 ? matches : (row) => matches(row) && !allowed.some((test) => test(row)),
    columns: new Set([...placesOf(tree), ...named.flatMap(places)].map(columnOf)),
    ...(operations && { operations }),
    group: joined(groupedBy.map((field) => foldedText(places(field)))),
    value: valueOf(values.map((field) => foldedText(places(field)))),
    looksUp: looksUp.map(({ field, type }) => {
      const readers = places(field).map(readerOf);
      return { type, places: places(field), each: (row: Row, test: (text: string) => boolean) => readers.some((read) => read(row, test)) };
    }),
  };
}

function withLogTypes(tree: BoundTree, { logTypes }: Source): BoundTree {
  if (!logTypes) return tree;
  const place: Place = { kind: 'column', column: 'log_type', type: 'text' };
  const isOneOf: BoundTree = {
    kind: 'or',
    of: logTypes.map((id) => ({ kind: 'leaf', places: [place], test: { op: 'text', parts: [id], isCased: false } })),
  };
  return { kind: 'and', of: [isOneOf, tree] };
}

function placesOf(tree: BoundTree): readonly Place[] {
  if (tree.kind === 'leaf') return tree.test.op === 'field' ? [...tree.places, ...tree.test.others] : tree.places;
  return tree.kind === 'not' ? placesOf(tree.of) : tree.of.flatMap(placesOf);
}

/** By event time, so that it is the same whenever it is asked. */
function allowedBy({ values, until }: Allowance, places: readonly Place[]): Predicate {
  const end = Date.parse(until);
  const isAllowed = predicateOf({
    kind: 'or',
    of: values.map((text) => ({ kind: 'leaf', places, test: { op: 'text', parts: [text], isCased: false } })),
  });
  return (row) => row.event_time instanceof Date && row.event_time.getTime() < end && isAllowed(row);
}

type ReadText = (row: Row) => string | undefined;

/** Names are the same in any case: Microsoft writes one user in several. */
function foldedText(places: readonly Place[]): ReadText {
  const read = firstText(places.map(readerOf));
  return (row) => {
    const text = read(row);
    return text === undefined ? undefined : fold(text);
  };
}

/** All of them, or none where one says nothing. */
function joined(reads: readonly ReadText[]): (row: Row) => readonly string[] | undefined {
  return (row) => {
    const texts = reads.map((read) => read(row));
    return texts.every((text) => text !== undefined) ? texts : undefined;
  };
}

function valueOf(reads: readonly ReadText[]): ReadText {
  const [only] = reads;
  if (!only) return () => undefined;
  const all = joined(reads);
  return reads.length === 1 ? only : (row) => all(row)?.join('\n');
}
