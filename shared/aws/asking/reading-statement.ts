/** What may be sent to Athena as a query: one statement that reads the lake's database. IAM decides what it may reach besides. */

/** Why a statement is not run; undefined for one that may be. */
export function refusalOf(sql: string): string | undefined {
  const text = sql.replaceAll(lexemes, (lexeme) => (lexeme.startsWith('"') ? lexeme : lexeme.startsWith("'") ? "''" : ' ')).trim();
  if (text === '') return 'there is no query: give one, as in "SELECT 1"';
  if (/;\s*\S/.test(text)) return 'that is more than one statement: give one at a time';
  if (!reads.test(text)) return 'the lake can only be read: use SELECT, WITH, VALUES, DESCRIBE, SHOW or EXPLAIN SELECT';
  if (elsewhere.test(text)) return 'a query reads the tables of the lake and calls no other source';
  return undefined;
}

/** Strings, quoted names and comments, whichever begins first: dashes in a string are no comment, a quote in a comment no string. */
const lexemes = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;
const reads =
  /^(?:\(*\s*(?:SELECT|WITH|VALUES)\b|DESCRIBE\b|DESC\b|SHOW\b|EXPLAIN\s+(?:ANALYZE\s+)?(?:\([\w\s,]*\)\s*)?\(*\s*(?:SELECT|WITH)\b)/i;
/** Federated sources by name, and functions that are tables: some pass a text on to another engine. */
const elsewhere = /"lambda:|\bTABLE\s*\(/i;
