/** Changes of files as data: what a recipe of CONTRIBUTING.md does before people fill it in. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file that is made, or a place in a file that is filled in. */
export type Edit =
  | { readonly kind: 'create'; readonly file: string; readonly text: string }
  /** Every match of the pattern's first group stays; `insert` follows it. Exactly one match is expected. */
  | { readonly kind: 'insert'; readonly file: string; readonly after: RegExp; readonly insert: string };

/**
 * Applies all edits or none.
 *
 * @param root The repository.
 * @returns The files that were made or changed, in the edits' order, each once.
 * @throws When a file to make is there already, or a place is not found exactly once.
 */
export async function applyEdits(root: string, edits: readonly Edit[]): Promise<readonly string[]> {
  const texts = new Map<string, string>();
  for (const edit of edits) texts.set(edit.file, await edited(root, edit, texts));
  for (const [file, text] of texts) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  return [...texts.keys()];
}

async function edited(root: string, edit: Edit, texts: ReadonlyMap<string, string>): Promise<string> {
  const path = join(root, edit.file);
  if (edit.kind === 'create') {
    if (existsSync(path)) throw new Error(`${edit.file} is there already; choose another name, or edit it`);
    return edit.text;
  }
  if (!existsSync(path)) throw new Error(`${edit.file} is not there; is the name right?`);
  const text = texts.get(edit.file) ?? (await readFile(path, 'utf8'));
  const matches = [...text.matchAll(new RegExp(edit.after.source, `${edit.after.flags}g`))];
  const [match] = matches;
  if (match === undefined || matches.length > 1)
    throw new Error(
      `${edit.file} has no place of its own for this (its columns may be shared with other log types); add ${edit.insert.trim()} by hand`,
    );
  const end = match.index + match[0].length;
  return text.slice(0, end) + edit.insert + text.slice(end);
}
