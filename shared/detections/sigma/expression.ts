import { RE2JS } from 're2js';
import { RuleRefused, type RulePath } from './refused.ts';

/** Flags at the beginning of an expression, where every engine reads them. */
export const inlineFlags = (pattern: string, flags: string): string => (flags === '' ? pattern : `(?${flags})${pattern}`);

/**
 * An expression of RE2: linear in the text, whatever it says, so that no rule can stop a worker.
 *
 * @throws RuleRefused for what RE2 does not know.
 */
export function compileExpression(pattern: string, flags: string, at: RulePath = []): RE2JS {
  try {
    return RE2JS.compile(inlineFlags(pattern, flags));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RuleRefused(`'${pattern}' is no expression of RE2, which has no look-around and no back-references: ${why}`, at);
  }
}
