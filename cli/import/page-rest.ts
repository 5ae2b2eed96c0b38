/** What stands after the records of a page or a list. */

/** By its beginning: the brackets that end it, or OData's own names, whatever becomes of them. */
export function isEndOfPage(bytes: Buffer): boolean {
  return /^[\s\]},]*(?:"@?odata\.|$)/.test(bytes.toString('latin1', 0, 256));
}

/**
 * Whether all of it is members of a page.
 *
 * Members with an id are a record that lost its beginning: `{"value":[{...}],"Id":"b","Operation":"x"}`.
 *
 * @param bytes From the comma after the page's list to the brace that ends the page.
 */
export function isRestOfPage(bytes: Buffer): boolean {
  const names = namesOf(`{"value":[]${bytes.toString('utf8')}`);
  return names !== undefined && !names.some((name) => name === 'id' || name === 'Id');
}

function namesOf(text: string): string[] | undefined {
  try {
    return Object.keys(JSON.parse(text) as object);
  } catch {
    return undefined;
  }
}
