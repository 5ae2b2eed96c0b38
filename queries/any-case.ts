/**
 * Names of operations in a query are compared in any case: Microsoft has written `Add User.` and `Add user.`, `DLPRuleMatch` and
 * `DlpRuleMatch`. The files have Microsoft's spelling of today.
 */

const comparison =
  /(\b\w*operation\b|\bcoalesce\(\w*operation, '[^']*'\)) (=|<>|LIKE|NOT LIKE|IN|NOT IN) ('(?:[^']|'')*'|\('(?:[^']|'')*'(?:,\s*'(?:[^']|'')*')*\))/g;

/** @example anyCase("operation = 'Add user'") is `lower(operation) = 'add user'` */
export function anyCase(template: string): string {
  return template.replaceAll(
    comparison,
    (_, compared: string, how: string, words: string) => `lower(${compared}) ${how} ${words.toLowerCase()}`,
  );
}
