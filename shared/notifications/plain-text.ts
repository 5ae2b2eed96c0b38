/** Texts of records for people: without what a terminal, a mail program or a chat would obey, link or hide. */

import { printable } from '../printable.ts';
import type { NotifiedFinding } from './message.ts';

/** A longer text is cut: nobody reads it there, and the finding has it. */
const longest = 300;
/** Facts of a finding, besides its group. */
const mostFacts = 12;

/** One line, of at most 300 characters. */
export function oneLine(text: string): string {
  const line = printable(text);
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/**
 * The same, with nothing left that a program makes a link of: an attacker who writes an address into a record must not have it clicked
 * in the message that warns of him.
 *
 * @example defanged('http://evil.example/a') === 'http[:]//evil[.]example/a'
 */
export function defanged(text: string): string {
  return oneLine(text)
    .replace(/:(?=\/\/)/g, '[:]')
    .replace(/(?<=[\p{L}\p{N}])\.(?=[\p{L}])/gu, '[.]')
    .replace(/@/g, '[@]');
}

/** Name and value. */
export type Fact = readonly [name: string, value: string];

/** What there is to see of a finding at once: its group, then what its evidence has as texts and numbers. Values are as they stand in records. */
export function factsOf({ group, evidence }: NotifiedFinding): readonly Fact[] {
  const plain = Object.entries(evidence).flatMap(([name, value]): Fact[] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, String(value)]] : [],
  );
  const grouped = Object.entries(group).map(([name, value]): Fact => [name, value]);
  const names = new Set(grouped.map(([name]) => name));
  return [...grouped, ...plain.filter(([name, value]) => !names.has(name) && value !== '')].slice(0, mostFacts);
}

/** Who or what a finding is about, in a few words; empty where it does not say. */
export function aboutWhom({ group, evidence }: NotifiedFinding): string {
  const grouped = Object.values(group).filter((value) => value !== '');
  if (grouped.length > 0) return grouped.join(', ');
  const named = [evidence.actor_upn, evidence.target_name, evidence.source_ip].find((value) => typeof value === 'string' && value !== '');
  return typeof named === 'string' ? named : '';
}

/** @example '2026-11-20 09:14' */
export const minute = (time: string): string => time.replace('T', ' ').slice(0, 16);
