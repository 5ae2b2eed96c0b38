#!/usr/bin/env node
/**
 * `lake`, on whatever Node there is: this one from version 24 on, else the pinned one of the package `node`.
 *
 * Plain JavaScript that Node 18 still reads, so that an old Node gets an error with its cure. A clone runs its TypeScript; the
 * package that `npm pack` makes holds the same as JavaScript, because Node runs no TypeScript below node_modules.
 */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const oldestMajor = 24;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const main = [join(root, 'cli', 'main.ts'), join(root, 'dist', 'cli', 'main.js')].find((file) => existsSync(file));

if (main === undefined) fail(`nothing to run in ${root}: run npm ci in a clone, or install the package again`);
else if (Number(process.versions.node.split('.')[0]) >= oldestMajor) await import(pathToFileURL(main).href);
else runWith(pinnedNode(), main);

/** The Node of the package `node`; undefined where it is missing or its install script did not run. */
function pinnedNode() {
  try {
    const file = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined; // reported by runWith, with the cure
  }
}

function runWith(node, file) {
  if (node === undefined) {
    fail(
      `Node ${process.versions.node} is too old and the pinned one is missing: install Node ${oldestMajor} or newer, or let the package 'node' install one: npm install-scripts approve node && npm rebuild node`,
    );
    return;
  }
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', file, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the child decides when it ends, and this process ends as the child did.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => passOn(child, signal));
  child.on('error', (error) => {
    fail(`${node} cannot be started (${error.message}): install Node ${oldestMajor} or newer`);
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

/** On a terminal the child has got Ctrl-C already: a second one would end it at once. */
function passOn(child, signal) {
  if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
}

function fail(message) {
  process.stderr.write(`lake: ${message}\n`);
  process.exitCode = 2;
}
