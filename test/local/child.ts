import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs a TypeScript file of the tests in a process of its own; what it prints comes line by line. */
export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #errors = '';
  readonly lines: string[] = [];

  constructor(file: string, ...parameters: string[]) {
    const path = fileURLToPath(new URL(file, import.meta.url));
    this.#process = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path, ...parameters], {
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
