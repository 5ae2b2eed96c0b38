/** `npm run fuzz -- --runs N [--seed S | --drawn-from TEXT]`; one target alone, or one failure again: `--target NAME --seed S [--path P]`. */

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { table } from '../../cli/terminal/table.ts';
import { hash32 } from '../proof/random.ts';
import type { Answered, Order } from './run-worker.ts';
import type { Checked, Target } from './target.ts';
import { fuzzTargets } from './targets.ts';

const option = { type: 'string' } as const;
const { values } = parseArgs({ options: { runs: option, seed: option, 'drawn-from': option, target: option, path: option } });
const runs = wholeNumber('runs', values.runs ?? '200000');
const drawnFrom = values['drawn-from'];
// Another one each day: what is tried grows, and a failure can be replayed for ever with the seed that it names.
const seed = drawnFrom === undefined ? wholeNumber('seed', values.seed ?? String(Math.floor(Date.now() / 86_400_000))) : hash32(drawnFrom);
process.exitCode = await fuzz(chosen(values.target));

async function fuzz(targets: readonly Target[]): Promise<number> {
  const begun = performance.now();
  const total = targets.reduce((sum, { share }) => sum + share, 0);
  const answers = new Map<Target, Answered>();
  const left = [...targets].sort((a, b) => (b.cost ?? 1) * b.share - (a.cost ?? 1) * a.share);
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./run-worker.ts', import.meta.url));
    for (let one = left.shift(); one; one = left.shift()) {
      const inputs = Math.round((runs * one.share) / total);
      const replay = { seed, ...(values.path !== undefined && { path: values.path }) };
      answers.set(one, await ask(worker, { name: one.name, runs: Math.max(1, Math.ceil(inputs / (one.batch ?? 1))), replay }));
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), targets.length) }, work));
  return say(targets, answers, (performance.now() - begun) / 1_000);
}

function ask(worker: Worker, order: Order): Promise<Answered> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answered: Answered) => {
      worker.off('error', reject);
      resolve(answered);
    });
    worker.postMessage(order);
  });
}

function say(targets: readonly Target[], answers: ReadonlyMap<Target, Answered>, seconds: number): number {
  const failures: string[] = [];
  let inputs = 0;
  const rows = targets.map((one) => {
    const { checked, seconds: took } = answers.get(one) ?? { checked: { runs: 0 }, seconds: 1 };
    const tried = checked.runs * (one.batch ?? 1);
    inputs += tried;
    if (checked.failure) failures.push(failureText(one, checked.failure));
    return [one.name, one.what, count(tried), count(tried / took), took.toFixed(1), checked.failure ? 'FAILED' : 'held'];
  });
  const right = 'right' as const;
  const numbers = ['inputs', 'a second', 's'].map((name) => ({ name, align: right }));
  console.log(table([{ name: 'target' }, { name: 'what' }, ...numbers, { name: '' }], rows, { width: 160 }));
  const verdict = failures.length === 0 ? 'every property held' : `${String(failures.length)} failed`;
  console.log(`\n${count(inputs)} inputs from seed ${String(seed)} in ${seconds.toFixed(1)} s: ${verdict}`);
  for (const failure of failures) console.log(`\n${failure}`);
  return failures.length === 0 ? 0 : 1;
}

function failureText({ name }: Target, failure: NonNullable<Checked['failure']>): string {
  return `FAILED: npm run fuzz -- --target ${name} --seed ${String(failure.seed)} --path ${failure.path}\n${failure.input}\n${failure.why}`;
}

function chosen(name: string | undefined): readonly Target[] {
  const targets = fuzzTargets.filter((one) => name === undefined || one.name === name);
  if (targets.length > 0) return targets;
  throw new Error(`--target is '${String(name)}'; known are ${fuzzTargets.map((one) => one.name).join(', ')}`);
}

function wholeNumber(name: string, text: string): number {
  if (/^-?\d{1,12}$/.test(text)) return Number(text);
  throw new Error(`--${name} is '${text}'; it has to be a whole number`);
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}
