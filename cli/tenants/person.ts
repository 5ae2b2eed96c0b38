/** Questions on a terminal. */

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { UsageError } from '../../local/exit.ts';

/** Asks the person at the terminal. */
export interface Person {
  /** One line; the usual answer when the line is empty. @throws UsageError when the person leaves (Ctrl-C, Ctrl-D). */
  ask(question: string, usual?: string): Promise<string>;
  /** One line that is not shown. */
  askHidden(question: string): Promise<string>;
}

/** The two streams of a terminal. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** The person at a terminal; undefined when input or output is not a terminal (a file, a pipe, a build). */
export function personAt({ input, output }: Terminal): Person | undefined {
  if (input.isTTY !== true || output.isTTY !== true) return undefined;
  return {
    ask: async (question, usual) => {
      const answer = await line({ input, output }, usual === undefined ? `${question}: ` : `${question} [${usual}]: `, 'shown');
      return answer === '' && usual !== undefined ? usual : answer;
    },
    askHidden: (question) => line({ input, output }, `${question} (not shown): `, 'hidden'),
  };
}

async function line({ input, output }: Terminal, prompt: string, how: 'shown' | 'hidden'): Promise<string> {
  output.write(prompt);
  // What is typed is echoed by readline, for the terminal itself does not while readline listens.
  const lines = createInterface({ input, output: how === 'shown' ? output : nowhere(), terminal: true, historySize: 0 });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', (answer) => {
        resolve(answer.trim());
      });
      lines.once('close', () => {
        reject(new UsageError('stopped: nothing was changed'));
      });
    });
  } finally {
    lines.close();
    if (how === 'hidden') output.write('\n');
  }
}

function nowhere(): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
}
