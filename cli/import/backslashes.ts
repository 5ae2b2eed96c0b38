/** Texts in which a backslash stands before quotes. */

/** What a run of backslashes before a quote, and elsewhere, stands for: writers of CSV differ. */
const readings: readonly { readonly beforeQuote: (run: number) => number; readonly elsewhere: (run: number) => number }[] = [
  // Spark: a quote, and the backslashes right before it, are escaped; others stand for themselves.
  { beforeQuote: (run) => Math.floor(run / 2), elsewhere: (run) => run },
  // Who replaces each quote by a backslash and a quote, and nothing else.
  { beforeQuote: (run) => run - 1, elsewhere: (run) => run },
  // MySQL: every backslash is escaped.
  { beforeQuote: (run) => Math.floor(run / 2), elsewhere: (run) => Math.ceil(run / 2) },
];

/** The JSON that is meant, by the first reading that gives any; undefined when none does. */
export function jsonBehindBackslashes(text: string): string | undefined {
  return readings.map((reading) => read(text, reading)).find(isJson);
}

function read(text: string, { beforeQuote, elsewhere }: (typeof readings)[number]): string {
  const parts: string[] = [];
  let done = 0;
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', done)) {
    let end = at;
    while (text[end] === '\\') end += 1;
    const run = end - at;
    parts.push(text.slice(done, at), '\\'.repeat(text[end] === '"' ? beforeQuote(run) : elsewhere(run)));
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join('');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
