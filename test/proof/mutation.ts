/** Plants bugs: replaces text in the project's own sources while they are loaded. */

import { registerHooks } from 'node:module';
import type { Edit } from './planted-bugs/planted-bug.ts';

/**
 * From now on, modules are loaded with these edits. Modules that are loaded already stay as they are.
 *
 * @returns A check for after the import: it throws unless every edit has been made.
 * @throws While a module is loaded, when the text is not in its file, or there more than once: the bug has to be written anew.
 */
export function plant(edits: readonly Edit[]): () => void {
  const open = new Set(edits);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const own = edits.filter(({ file }) => url.endsWith(`/${file}`));
      if (own.length === 0 || !loaded.source) return loaded;
      const source = own.reduce((text, edit) => replaceOnce(text, edit), Buffer.from(loaded.source as Uint8Array).toString('utf8'));
      for (const edit of own) open.delete(edit);
      return { ...loaded, source };
    },
  });
  return () => {
    if (open.size > 0) throw new Error(`not loaded: ${[...open].map(({ file }) => file).join(', ')}`);
  };
}

/** From now on, these modules are loaded without what they do: each function they export throws. They wire the real stores, which no seed calls. */
export function leaveOut(files: readonly string[]): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!loaded.source || !files.some((file) => url.endsWith(`/${file}`))) return loaded;
      const text = Buffer.from(loaded.source as Uint8Array).toString('utf8');
      const names = [...text.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)].map(([, name = '']) => name);
      return { ...loaded, source: names.map((name) => `export function ${name}() { throw new Error('${name} is left out'); }`).join('\n') };
    },
  });
}

/** Where lines break does not matter. */
export function replaceOnce(text: string, { file, from, to }: Edit): string {
  const words = from
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(words.join('\\s+'), 'g');
  const places = text.match(pattern)?.length ?? 0;
  if (places !== 1) throw new Error(`'${from}' is ${String(places)} times in ${file} instead of once: write the planted bug anew`);
  return text.replace(pattern, () => to);
}
