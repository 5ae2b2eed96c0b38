/** Lakes that a console meets: in use, empty, of a newer version, with a file that cannot be read; and a browser that goes away. */

import { request as httpRequest, type IncomingMessage } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openBackend, type Backend } from '../../cli/console/backend.ts';
import { startConsole, type RunningConsole } from '../../cli/console/server.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';

const token = 'the-token-of-this-test';
let root: string;
let lake: string;
const opened: (() => Promise<void>)[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'console-'));
  lake = join(root, 'lake');
});
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
  await rm(root, { recursive: true, force: true });
});

async function openConsole(): Promise<RunningConsole> {
  const backend: Backend = await openBackend({ lake, aws: false });
  opened.push(() => backend.close());
  const running = await startConsole({ backend, files: Promise.resolve(new Map()), token, port: 0, now: () => 0 });
  opened.push(() => running.close());
  return running;
}

/** The answer as it begins; whoever asks reads it, or goes away. */
function ask({ port }: RunningConsole, name: string, body: unknown): Promise<IncomingMessage> {
  const headers = { cookie: `lake_console_${String(port)}=${token}`, 'x-lake-token': token, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, method: 'POST', path: `/api/${name}`, headers }, resolve)
      .on('error', reject)
      .end(JSON.stringify(body));
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += String(part);
  return text;
}

test('a lake of a newer version is named, and nothing is served', async () => {
  await mkdir(lake, { recursive: true });
  await writeFile(join(lake, 'lake.json'), '{"format":2}');
  await expect(openBackend({ lake, aws: false })).rejects.toThrow(/has format 2, written by a newer version; this one knows 1: update it/);
});

test('no lake is named with what to do', async () => {
  await expect(openBackend({ lake, aws: false })).rejects.toThrow(
    /there is no lake in .*: name the folder of one, or start one there first/,
  );
});

test('a lake that a collector has to itself is shown all the same, empty as it is', async () => {
  const collector = await openLakeFolder(lake, { exclusive: true });
  opened.push(() => {
    collector.close();
    return Promise.resolve();
  });
  const running = await openConsole();
  const overview = await textOf(await ask(running, 'overview', {}));
  expect(JSON.parse(overview)).toMatchObject({ tenants: [] });
  const findings = await textOf(await ask(running, 'findings', { from: 0, to: 1, all: false }));
  expect(JSON.parse(findings)).toEqual({ findings: [] });
});

test('a file that cannot be read ends the answer with which one it is', async () => {
  (await openLakeFolder(lake, { exclusive: true })).close();
  const folder = join(lake, 'raw', 'msft_o365_general_raw', 'dt=2026-12-01', 'hr=00');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'broken.parquet'), 'this is no Parquet');
  const running = await openConsole();
  const answer = await textOf(await ask(running, 'sql', { sql: 'SELECT count(*) FROM msft_o365_general_raw', limit: 10 }));
  const last = JSON.parse(answer.trim().split('\n').at(-1) ?? '{}') as { kind: string; message: string };
  expect(last.kind).toBe('failed');
  expect(last.message).toContain('broken.parquet');
});

test('a browser that closes amid an answer ends the question, and the next one is answered', async () => {
  (await openLakeFolder(lake, { exclusive: true })).close();
  const running = await openConsole();
  const endless = 'SELECT a.n FROM generate_series(1, 1000000000) AS a (n) ORDER BY hash(a.n)';
  const gone = await Promise.all([1, 2, 3].map(() => ask(running, 'sql', { sql: endless, limit: 100 })));
  for (const response of gone) response.destroy();
  const answer = await textOf(await ask(running, 'sql', { sql: 'SELECT 1 AS one', limit: 10 }));
  expect(answer.trim().split('\n').at(-1)).toContain('"kind":"end"');
});
