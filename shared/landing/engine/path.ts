/** Paths into a record. */

/** A name, or `each` for every element of the list that the names before it lead to. */
export type Step = { readonly name: string } | 'each';

/**
 * The steps of a path: dotted names, `name[]` for every element of a list, `\.` for a dot within a name; `[]` first where the value itself is a list.
 *
 * @example stepsOf('PolicyDetails[].Rules') is PolicyDetails, each, Rules
 */
export function stepsOf(path: string): Step[] {
  if (path === '') return [];
  return path.split(/(?<!\\)\./).flatMap((part): Step[] => {
    const name = part.replaceAll('\\.', '.');
    if (name === '[]') return ['each'];
    return name.endsWith('[]') ? [{ name: name.slice(0, -2) }, 'each'] : [{ name }];
  });
}
