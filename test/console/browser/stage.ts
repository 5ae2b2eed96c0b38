/** A lake, the console over it as `lake console` starts it, and a browser that looks at it. */

import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type Page } from 'playwright-core';

const root = join(import.meta.dirname, '..', '..', '..');

/** Runs `lake` to its end. @throws With what it wrote, when it fails. */
export function lake(...parameters: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'cli', 'main.ts'), ...parameters], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`lake ${parameters.join(' ')} ended with ${String(code)}: ${errors.slice(-2_000)}`));
    });
  });
}

/** A console that runs. */
export interface Console {
  readonly url: string;
  readonly origin: string;
  readonly process: ChildProcess;
  /** Ctrl-C, and waits for its end. */
  stop(): Promise<number | null>;
}

export async function openConsole(folder: string): Promise<Console> {
  const child = spawn(process.execPath, [join(root, 'cli', 'main.ts'), 'console', '--lake', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const first = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const url = await Promise.race([first, ended.then(() => Promise.reject(new Error(`the console ended: ${errors}`)))]);
  const stop = (): Promise<number | null> => {
    child.kill('SIGINT');
    return ended;
  };
  return { url, origin: new URL(url).origin, process: child, stop };
}

/** Debian's Chromium, which asks nobody anything by itself. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
      ' ',
    ),
  });

/** What went wrong on a page by itself. */
export interface Watched {
  readonly page: Page;
  /** Requests to anybody else, scripts' errors, and what the page's policy had to stop. */
  readonly faults: string[];
}

export async function openPage(browser: Browser, { url, origin }: Console, width: number, theme: 'light' | 'dark'): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 760 : Math.min(1_400, Math.round(width * 0.62)) },
    colorScheme: theme,
    locale: 'en',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('blob:')) faults.push(`a request left: ${request.url()}`);
  });
  page.on('pageerror', (error) => faults.push(`a script failed: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('favicon') && !message.text().includes('404'))
      faults.push(`the page says: ${message.text()}`);
  });
  page.on('dialog', (dialog) => faults.push(`a dialog opened: ${dialog.message()}`));
  await page.goto(url);
  return { page, faults };
}

/** Waits until nothing is on its way. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('h1', { timeout: 60_000 });
  // Asked again and again from outside: the page's policy lets no text become a function within.
  const isBusy =
    "document.querySelector('.loading') !== null || [...document.querySelectorAll('.summary')].some((one) => one.textContent.includes('Searching'))";
  for (let left = 900; (await page.evaluate(isBusy)) === true; left -= 1) {
    if (left === 0) throw new Error('the screen does not settle');
    await page.waitForTimeout(100);
  }
  await page.waitForTimeout(150);
}
