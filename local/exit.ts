/** How a command ends when it does not succeed. */

/** 0: success. 1: the command ran, and its result is bad. 2: wrong usage or configuration. */
export type ExitCode = 0 | 1 | 2;

/** The last paragraph of every command's help. */
export const exitCodesHelp = `
Exit codes: 0 success; 1 the result is bad; 2 wrong usage or configuration. Set LAKE_DEBUG=1 to print stack traces.`;

/** Wrong usage or configuration (exit code 2). The message says what is wrong, the value got, and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command did what it was asked, and the result is bad (exit code 1). */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

/** The exit code for an error that ended a command: 2 for a `UsageError`, otherwise 1. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof UsageError ? 2 : 1;
}

/** Runs work that fails only because of wrong usage or configuration. @throws UsageError with the same message and the error as cause. */
export async function asUsage<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
