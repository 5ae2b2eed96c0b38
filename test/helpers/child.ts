import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';

/** Starts processes, of which none outlives the tests of the file, even when one fails. */
export function children(): (file: URL, ...parameters: string[]) => Child {
  const started: Child[] = [];
  afterAll(async () => {
    await Promise.all(started.map((child) => child.kill()));
  });
  return (file, ...parameters) => {
    const child = new Child(file, parameters);
    started.push(child);
    return child;
  };
}

/** Runs a TypeScript file of the tests in a process of its own; what it prints comes line by line. */
export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #errors = '';
  readonly lines: string[] = [];

  constructor(file: URL, parameters: readonly string[]) {
    this.#process = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(file), ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let rest = '';
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      this.lines.push(...parts);
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#ended = new Promise((resolve) => {
      this.#process.on('close', () => {
        resolve();
      });
    });
  }

  /** Waits until so many lines were printed. @throws When the process ended before. */
  async printed(count: number): Promise<void> {
    while (this.lines.length < count) {
      if (this.#process.exitCode !== null) throw new Error(`the child ended after ${this.lines.length} lines: ${this.#errors}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** kill -9, and waits until it is dead. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }
}
