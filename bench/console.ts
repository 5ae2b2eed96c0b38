/**
 * `npm run bench:console -- --lake DIR`: the console over a lake, as somebody who opens it meets it.
 *
 * Measures from the start of the command to the first answer of a screen, a search and its histogram over the whole span of the lake, the
 * page's weight and the server's memory. The lake is one that is there: `npm run bench:queries` makes large ones.
 */

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildPage } from '../cli/console/page-files.ts';

const { values } = parseArgs({
  options: { lake: { type: 'string', default: '.lake' }, word: { type: 'string', default: 'FileDownloaded' } },
});
const began = performance.now();
const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'cli', 'main.ts'), 'console', '--lake', values.lake], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
const { origin, port, searchParams } = new URL(url);
const token = searchParams.get('token') ?? '';
const headers = { cookie: `lake_console_${port}=${token}`, 'x-lake-token': token, 'content-type': 'application/json' };

async function ask(name: string, body: unknown): Promise<{ firstMs: number; allMs: number; text: string }> {
  const start = performance.now();
  const response = await fetch(`${origin}/api/${name}`, { method: 'POST', headers, body: JSON.stringify(body) });
  let [text, firstMs] = ['', 0];
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (firstMs === 0 && (text.includes('"rows"') || !text.includes('"asked"'))) firstMs = performance.now() - start;
  }
  return { firstMs, allMs: performance.now() - start, text };
}

async function peakMb(): Promise<number> {
  const status = await readFile(`/proc/${String(child.pid)}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

try {
  await fetch(`${origin}/`, { headers: { cookie: headers.cookie } });
  await ask('session', {});
  await ask('overview', {});
  console.log(`first useful screen\t${String(Math.round(performance.now() - began))} ms after the command`);
  const counted = await ask('sql', { sql: 'SELECT count(*), min(event_time), max(event_time) FROM m365_activity', limit: 1 });
  const [rows = 0, from = '', to = ''] =
    ((JSON.parse(counted.text.split('\n').find((line) => line.includes('"rows"')) ?? '{}') as { rows?: [number, string, string][] }).rows ??
      [])[0] ?? [];
  console.log(`records in the lake\t${rows.toLocaleString('en')}`);
  const search = { from: Date.parse(from), to: Date.parse(to) + 1, filters: [], words: values.word };
  const found = await ask('search', { ...search, limit: 1_000 });
  console.log(`first rows of a filtered search\t${String(Math.round(found.firstMs))} ms`);
  console.log(`histogram of it\t${String(Math.round((await ask('histogram', { ...search, buckets: 120 })).allMs))} ms`);
  const weight = [...(await buildPage()).values()].reduce((sum, { text }) => sum + gzipSync(text).length, 0);
  console.log(`page weight\t${String(Math.round(weight / 1_000))} KB compressed`);
  console.log(`server's memory at most\t${String(await peakMb())} MB`);
} finally {
  child.kill('SIGINT');
}
