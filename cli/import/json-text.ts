/** JSON as text: parts of it as they stand there, and one text for all that mean the same. */

/** A member of an object, or an element of a list: where its value stands, and where all of it does. */
export interface Part {
  /** Empty for an element. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Where the name begins. */
  readonly from: number;
}

/**
 * The parts of the outermost object or list, in their order.
 *
 * @param text JSON that has been parsed before: nothing is checked here.
 */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  const open = afterBlanks(text, 0);
  const isObject = text[open] === '{';
  for (let at = afterBlanks(text, open + 1); at < text.length && text[at] !== '}' && text[at] !== ']';) {
    const from = at;
    let name = '';
    if (isObject) {
      const end = afterString(text, at);
      name = JSON.parse(text.slice(at, end)) as string;
      at = afterBlanks(text, afterBlanks(text, end) + 1);
    }
    const end = afterValue(text, at);
    parts.push({ name, start: at, end, from });
    at = afterBlanks(text, end);
    if (text[at] === ',') at = afterBlanks(text, at + 1);
  }
  return parts;
}

/** The text of a member's value; of several of one name the last, as JSON.parse takes it. */
export function memberText(text: string, name: string): string | undefined {
  const part = partsOf(text).findLast((one) => one.name === name);
  return part && text.slice(part.start, part.end);
}

/** The object without these members. The others stay as they stand. */
export function withoutMembers(text: string, names: readonly string[]): string {
  const parts = partsOf(text);
  if (!parts.some(({ name }) => names.includes(name))) return text;
  const kept = parts.filter(({ name }) => !names.includes(name)).map(({ from, end }) => text.slice(from, end));
  return `{${kept.join(',')}}`;
}

/** The object with more members, whose values are JSON. */
export function withMembers(text: string, members: readonly (readonly [name: string, json: string])[]): string {
  if (members.length === 0) return text;
  const kept = partsOf(text).map(({ from, end }) => text.slice(from, end));
  return `{${[...kept, ...members.map(([name, json]) => `${JSON.stringify(name)}:${json}`)].join(',')}}`;
}

/**
 * Two records have equal content exactly if this is equal: members are in the order of their names, and what is empty (null, "",
 * [], {}) is left out, as it is in record keys. Numbers stand as they are written. `@odata.type`, which Graph adds, is left out too.
 *
 * @param text JSON that has been parsed before. What is nested too deeply to be put in order is taken as it stands.
 */
export function canonicalText(text: string): string {
  try {
    return canonical(text);
  } catch (error) {
    if (error instanceof RangeError) return text;
    throw error;
  }
}

function canonical(text: string): string {
  const first = text[0];
  if (first === '{') {
    // Of members of one name all count.
    const members = partsOf(text)
      .filter(({ name }) => name !== '@odata.type')
      .map(({ name, start, end }) => [name, text.slice(start, end)] as const)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${members.flatMap(([name, value]) => unlessEmpty(canonical(value), `${JSON.stringify(name)}:`)).join(',')}}`;
  }
  if (first === '[')
    return `[${partsOf(text)
      .flatMap(({ start, end }) => unlessEmpty(canonical(text.slice(start, end)), ''))
      .join(',')}]`;
  // Landing writes U+FFFD for half a surrogate pair.
  if (first === '"') return text.includes('\\') ? JSON.stringify((JSON.parse(text) as string).toWellFormed()) : text;
  return /^[\s{["]/.test(text) ? canonical(text.trim()) : text.trim();
}

const unlessEmpty = (value: string, name: string): string[] => (['null', '""', '[]', '{}'].includes(value) ? [] : [name + value]);

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  return at;
}

function afterString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '"') return at + 1;
  }
  return text.length;
}

function afterValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      at = afterString(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      if (depth === 0) return trimmedEnd(text, at);
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (char === ',' && depth === 0) return trimmedEnd(text, at);
  }
  return text.length;
}

function trimmedEnd(text: string, end: number): number {
  let at = end;
  while (at > 0 && text.charCodeAt(at - 1) <= 32) at -= 1;
  return at;
}
