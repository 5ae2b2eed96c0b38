/** The code and the words of an error answer, whatever its form. */

import { jsonOf, textOf } from './json.ts';

/** What was found in an error answer. Every part may be missing: error bodies are HTML, empty, or JSON with single quotes as well. */
export interface ErrorBody {
  readonly code?: string;
  /** Microsoft's words; may hold names and addresses, see {@link withoutPrivateParts}. */
  readonly text: string;
}

/** What is longer is no error: as much of it is read. */
export const longestErrorBytes = 16_384;

const afCode = /\bAF\d{3,5}\b/;

/** Reads `{error: {code, message}}`, its relatives, single-quoted pseudo-JSON, and anything else as far as it goes. */
export function readErrorBody(body: Buffer): ErrorBody {
  const head = body.subarray(0, longestErrorBytes);
  const text = textOf(head);
  const found = fromJson(head) ?? fromQuotes(text);
  const code = isCode(found.code) ? found.code : afCode.exec(text)?.[0];
  return { ...(code === undefined ? {} : { code }), text: found.message ?? (/^\s*</.test(text) ? '' : text) };
}

/** A word, and no token: what is no code may hold anything, and codes are logged. */
function isCode(text: string | undefined): text is string {
  return text !== undefined && /^(?!eyJ)[\w.]{1,80}$/.test(text);
}

/** Whether a body is an error object, whatever its status is: Microsoft sends some with 200. */
export function isErrorBody(body: Buffer): boolean {
  if (body.length > longestErrorBytes) return false;
  const json = jsonOf(body);
  return isObject(json) && isObject(json.error) && !('value' in json);
}

/** The same words without addresses of people and machines, tokens, and long secrets; at most 300 characters. */
export function withoutPrivateParts(text: string): string {
  return beginning(text)
    .replace(/\beyJ[\w-]+\.[\w.-]*/g, '<token>')
    .replace(/[^\s'"<>(),;:]+@[^\s'"<>(),;:]+/g, '<address>')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '<ip>')
    .replace(/(https:\/\/[^\s?'"]+)\?[^\s'"]*/g, '$1')
    .replace(/[\w~+/=.-]{41,}/g, '<long>')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}

/** Enough for 300 characters of words. What the cut leaves of the last word could be half an address, and goes. */
function beginning(text: string): string {
  if (text.length <= longestWords) return text;
  const cut = text.slice(0, longestWords);
  return cut.slice(0, cut.lastIndexOf(' ') + 1);
}
const longestWords = 4_096;

interface Found {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

function fromJson(body: Buffer): Found | undefined {
  const json = jsonOf(body);
  if (!isObject(json)) return undefined;
  const error = isObject(json.error) ? json.error : json;
  const message = [error.message, error.Message, json.error_description].find(isText);
  return { code: [error.code, error.Code].find(isText), message };
}

function fromQuotes(text: string): Found {
  return {
    code: /['"]code['"]\s*:\s*['"]([^'"]{1,100})['"]/i.exec(text)?.[1],
    message: /['"]message['"]\s*:\s*['"](.{1,1000}?)['"]\s*[,}]/is.exec(text)?.[1],
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
