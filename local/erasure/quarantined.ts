/** What stands in quarantine of a person or a tenant: bytes that could not be read as records. */

import { existsSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { claimKey } from '../../shared/domain/fetch-job.ts';
import type { Erasure } from '../../shared/domain/erasure.ts';
import { personPattern } from '../../shared/domain/erasure.ts';
import { openDatabase } from '../database.ts';
import { ledgerSchema } from '../ledger/schema.ts';
import type { FoundObject } from './found-objects.ts';

/** The quarantined objects that go, whole. */
export async function findQuarantined(erasure: Erasure, root: string, ledgerFile: string): Promise<FoundObject[]> {
  const isFound = erasure.kind === 'person' ? ofPerson(erasure.identifiers) : ofTenant(erasure.tenant, ledgerFile);
  const found: FoundObject[] = [];
  for (const file of await filesIn(join(root, 'quarantine'))) {
    if (!(await isFound(file))) continue;
    found.push({ key: relative(root, file).split(sep).join('/'), bytes: (await stat(file)).size, rows: 0 });
  }
  return found;
}

/** By the bytes: nobody knows more of them. */
function ofPerson(identifiers: readonly string[]): (file: string) => Promise<boolean> {
  const pattern = new RegExp(personPattern(identifiers).replace('(?i)', ''), 'i');
  return async (file) => pattern.test(await readFile(file, 'utf8'));
}

/** By the content blob: a quarantined answer is named by it. What an import put there is of no tenant that could be named. */
function ofTenant(tenant: string, ledgerFile: string): (file: string) => Promise<boolean> {
  const claims = claimsOf(tenant, ledgerFile);
  return (file) => Promise.resolve(claims.has(/([0-9a-f]{32})-[^/\\]*$/.exec(file)?.[1] ?? ''));
}

function claimsOf(tenant: string, ledgerFile: string): Set<string> {
  const db = openDatabase(ledgerFile, ledgerSchema);
  try {
    const id = db.prepare('SELECT tenant_id FROM tenants WHERE tenant_name = ?').get(tenant)?.tenant_id;
    if (typeof id !== 'string') return new Set();
    const ofStreams = "stream LIKE '%#' || ? || '#%'";
    const claims = db.prepare(`SELECT claim FROM claims WHERE ${ofStreams}`).all(id);
    const losses = db.prepare(`SELECT content_id FROM losses WHERE ${ofStreams}`).all(id);
    return new Set([
      ...claims.map(({ claim }) => String(claim)),
      ...losses.map(({ content_id: contentId }) => claimKey(String(contentId))),
    ]);
  } finally {
    db.close();
  }
}

async function filesIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
