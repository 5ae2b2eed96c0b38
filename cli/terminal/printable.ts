/**
 * A text as one line that a terminal only shows: records hold what strangers sent, and a terminal obeys control characters.
 *
 * Line ends and tabs become a blank; other control characters, and those that turn the direction of writing, become `·`.
 */
export function printable(text: string): string {
  return text.replace(lineEnds, ' ').replace(controls, '·');
}

/** JSON text whose strings hold no control character that JSON would let through. */
export function printableJson(json: string): string {
  return json.replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const lineEnds = /\r\n|[\r\n\t\u2028\u2029]/g;

const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
