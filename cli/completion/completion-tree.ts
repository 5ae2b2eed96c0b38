/** The commands of a program with everything that a shell can complete: made from the program itself, so that it cannot lag behind. */

import type { Argument, Command, Option } from 'commander';
import { queryLibrary, topics } from '../../queries/library.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import { lakeTables } from '../../local/lake-views.ts';

/** What can follow an option, or stand as an argument. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  /** Something that only the user knows. */
  | { readonly kind: 'unknown' };

/** An option with its two dashes. */
interface CompletedOption {
  readonly flag: string;
  readonly description: string;
  /** Absent for an option without a value. */
  readonly values?: Values;
}

/** A command, a subcommand, or the program itself. */
export interface CompletedCommand {
  /** From the program on: none for the program itself, `['tenant', 'add']`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  readonly subcommands: readonly CompletedCommand[];
  /** Of its first argument. */
  readonly argument: Values;
}

/** @param program With every command added. */
export function completionTree(program: Command, path: readonly string[] = []): CompletedCommand {
  return {
    path,
    summary: program.summary(),
    options: [
      ...program.options.filter(({ hidden }) => !hidden).flatMap(completedOption),
      { flag: '--help', description: 'show the help' },
    ],
    subcommands: program.commands.map((command) => completionTree(command, [...path, command.name()])),
    argument: valuesOf(program.registeredArguments[0]),
  };
}

/** The command and all below it, from the top. */
export function withSubcommands(command: CompletedCommand): CompletedCommand[] {
  return [command, ...command.subcommands.flatMap(withSubcommands)];
}

function completedOption(option: Option): CompletedOption[] {
  if (option.long === undefined) return [];
  const { long: flag, description } = option;
  return [{ flag, description, ...((option.required || option.optional) && { values: valuesOf(option) }) }];
}

/** The catalogs that options and arguments take their words from, by option or by the argument's name. */
const catalogs: Readonly<Record<string, () => readonly string[]>> = {
  '--log-type': () => logTypes.map(({ id }) => id),
  '--dataset': () => knownDatasets.map(({ name }) => name),
  '--topic': () => topics,
  dataset: () => lakeTables().map(({ name }) => name),
  sql: () => queryLibrary().map(({ name }) => `@${name}`),
  query: () => queryLibrary().map(({ name }) => name),
};

function valuesOf(of: Option | Argument | undefined): Values {
  if (of === undefined) return { kind: 'unknown' };
  const [name, shown] = 'flags' in of ? [of.long ?? '', of.flags] : [of.name(), of.name()];
  if (of.argChoices) return { kind: 'words', words: of.argChoices };
  const words = catalogs[name]?.();
  if (words) return { kind: 'words', words };
  if (/\bfiles?\b/.test(shown.replace(/^--\S+/, ''))) return { kind: 'files' };
  return shown.includes('<dir>') ? { kind: 'folders' } : { kind: 'unknown' };
}
