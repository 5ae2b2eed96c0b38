/** How a command ends, other than well. */

/** 0: ok. 1: the command's answer is bad. 2: wrong usage or configuration. */
export type ExitCode = 0 | 1 | 2;

/** Said at the end of every command's help. */
export const exitCodesHelp = `
Exit codes: 0 ok; 1 the answer is bad (a failed query, a verdict that finds something missing, an import of which nothing could be
read); 2 wrong usage or configuration. LAKE_DEBUG=1 adds where in the code an error came from.`;

/** Wrong usage or configuration: the message says what is wrong, the value got, and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command did what it was asked, and the answer is bad. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

/** The exit code of a command that threw: 2 for a {@link UsageError}, else 1. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof UsageError ? 2 : 1;
}

/** Runs what fails only when something is configured or used wrongly. */
export async function asUsage<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
