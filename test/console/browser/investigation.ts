/** From the alert about a phishing mail to the mailbox rule and the files that were taken, by clicks alone. */

import type { Page } from 'playwright-core';
import { settled } from './stage.ts';

/** What the analyst knows at the end. */
export interface Investigated {
  readonly clicks: number;
  readonly victim: string;
  readonly address: string;
  readonly files: number;
}

/** @param picture Called after each step that the docs show. @throws When a step does not lead on. */
export async function investigate(
  page: Page,
  origin: string,
  picture: (name: string) => Promise<void> = () => Promise.resolve(),
): Promise<Investigated> {
  let clicks = 0;
  const click = async (selector: string): Promise<void> => {
    clicks += 1;
    await page.locator(selector).first().click({ timeout: 60_000 });
    await settled(page);
  };
  const textOf = async (selector: string): Promise<string> => (await page.locator(selector).first().innerText()).trim();

  // The alert, among those that were raised, and whom it names.
  await page.goto(`${origin}/`);
  await settled(page);
  await click('nav a:has-text("Queries")');
  await click('.pick:text-is("Alerts raised in Microsoft 365")');
  await page.waitForSelector('[role=grid] .row', { timeout: 60_000 });
  await picture('investigation-alert');
  // Only rows in sight are there: scrolled to as by hand.
  await page.locator('[role=grid]').first().hover();
  for (let turns = 0; turns < 80 && (await page.locator('[role=grid] .row:has-text("malicious URL")').count()) === 0; turns += 1) {
    await page.mouse.wheel(0, 150);
    await page.waitForTimeout(100);
  }
  await click('[role=grid] .row:has-text("malicious URL")');
  const victim = new URL(page.url()).searchParams.get('value') ?? '';
  await picture('investigation-victim');
  // What was found about them: the rule that forwards their mail.
  await click('.cards a:has-text("inbox rule")');
  await picture('investigation-rule');
  // From which address it was made.
  await click('.detail a.entity:not(:has-text("@"))');
  const address = new URL(page.url()).searchParams.get('value') ?? '';
  await page.waitForSelector('[role=grid] .row', { timeout: 60_000 });
  await click('a:text-is("Open in Search")');
  clicks += 1;
  await page.locator('input[type=search]').fill('FileDownloaded');
  await page.locator('input[type=search]').press('Enter');
  await settled(page);
  const files = Number((await textOf('.summary strong')).replace(/\D/g, ''));
  await picture('investigation-files');
  return { clicks, victim, address, files };
}
