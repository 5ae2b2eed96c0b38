/** @example camelCase('risk-detections') is 'riskDetections' */
export function camelCase(id: string): string {
  return id.replaceAll(/[-_](\w)/g, (_match, letter: string) => letter.toUpperCase());
}

/** @example sentence('risk-detections') is 'Risk detections' */
export function sentence(id: string): string {
  const words = id.replaceAll(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @throws When it could be anything but a JSON path or the name of a permission: it becomes a text in code. */
export function asWord(text: string): string {
  if (/^[\w@$]+(?:(?:\.|\[\]\.)[\w@$]+)*$/.test(text)) return text;
  throw new Error(`'${text}' is no name; write letters and digits, joined by '.' (and '[].' after a list)`);
}

/** @throws When it is no id: lower case letters, digits, and `-` (of columns and datasets `_`) between them. */
export function asId(text: string | undefined, between: '-' | '_' = '-'): string {
  if (text !== undefined && new RegExp(`^[a-z][a-z0-9]*(?:${between}[a-z0-9]+)*$`).test(text)) return text;
  throw new Error(`'${text ?? ''}' is no name; write lower case letters and digits, words joined by '${between}'`);
}
