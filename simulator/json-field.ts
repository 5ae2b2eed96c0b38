/**
 * The text of a JSON object with one of its own fields set; everything else stays as it was written, to the byte. Parsing and
 * writing again would round large integers and rewrite numbers.
 *
 * @param text A valid JSON object.
 */
export function withField(text: string, name: string, value: string): string {
  const spans = valueSpans(text, name);
  const json = JSON.stringify(value);
  if (spans.length === 0) return insertedFirst(text, `${JSON.stringify(name)}:${json}`);
  return spans.reduceRight((changed, [from, to]) => changed.slice(0, from) + json + changed.slice(to), text);
}

function insertedFirst(text: string, field: string): string {
  const rest = text.slice(text.indexOf('{') + 1);
  return `{${field}${rest.trim() === '}' ? '' : ','}${rest}`;
}

/** Where the values of the object's own fields of this name begin and end; a name may stand there twice. */
function valueSpans(text: string, name: string): readonly (readonly [from: number, to: number])[] {
  const spans: (readonly [number, number])[] = [];
  let depth = 0;
  let valueFrom = -1;
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    const isEnd = depth === 1 && (char === ',' || char === '}');
    if (isEnd && valueFrom >= 0) {
      spans.push([valueFrom, index]);
      valueFrom = -1;
    }
    if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (char === '"') {
      const end = stringEnd(text, index);
      const colon = depth === 1 && valueFrom < 0 ? /^\s*:/.exec(text.slice(end, end + 20)) : null;
      if (colon && JSON.parse(text.slice(index, end)) === name) valueFrom = end + colon[0].length;
      index = end - 1;
    }
  }
  return spans;
}

/** Just after the closing quote. */
function stringEnd(text: string, from: number): number {
  let index = from + 1;
  while (text.charAt(index) !== '"') index += text.charAt(index) === '\\' ? 2 : 1;
  return index + 1;
}
