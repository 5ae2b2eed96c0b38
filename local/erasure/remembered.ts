/** What rules remember of a person or a tenant, and what the outbox has of them: rows of SQLite, which are deleted. */

import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { packedGroups, packedHits, unpackedGroups } from '../../shared/detections/evaluate/packed-hits.ts';
import { personPattern, type Erasure } from '../../shared/domain/erasure.ts';
import { inTransaction } from '../database.ts';
import type { LakeFolder } from '../lake-folder.ts';
import { writeAnew } from './write-anew.ts';

/** How many rows go. */
export interface ErasedRemembered {
  /** Hits and days of stateful rules. */
  readonly sightings: number;
  /** Findings that somebody was notified of, or is to be. */
  readonly notices: number;
}

/** Deletes them, or counts what would go. A finding in the lake is not among them. @param folder Opened exclusively. */
export function eraseRemembered(
  { ledgerFile, sightingsFile }: Pick<LakeFolder, 'ledgerFile' | 'sightingsFile'>,
  erasure: Erasure,
  isDryRun: boolean,
): ErasedRemembered {
  const tenantId = erasure.tenant === undefined ? undefined : tenantIdOf(ledgerFile, erasure.tenant);
  const isTheirs = ({ text, tenant }: Remembered): boolean => {
    if (erasure.tenant !== undefined && tenant !== tenantId && tenant !== erasure.tenant) return false;
    return erasure.kind === 'tenant' || patternOf(erasure.identifiers).test(text);
  };
  const erased = {
    sightings:
      inTable(sightingsFile, 'hits', ['group_key', 'hits'], 'tenant_id', { isTheirs, isDryRun }) +
      inHours(sightingsFile, { isTheirs, isDryRun }) +
      inTable(sightingsFile, 'days', ['group_key'], 'tenant_id', { isTheirs, isDryRun }),
    notices: inTable(ledgerFile, 'notices', ['finding'], "json_extract(finding, '$.tenant_name')", { isTheirs, isDryRun }),
  };
  if (!isDryRun) for (const file of [sightingsFile, ledgerFile]) writeAnew(file);
  return erased;
}

interface Remembered {
  readonly text: string;
  readonly tenant: string;
}

interface Erasing {
  readonly isTheirs: (row: Remembered) => boolean;
  readonly isDryRun: boolean;
}

const patternOf = (identifiers: readonly string[]): RegExp => new RegExp(personPattern(identifiers).replace('(?i)', ''), 'i');

/** Hits that are kept with those of others: of a row goes what is theirs. */
function inHours(file: string, { isTheirs, isDryRun }: Erasing): number {
  if (!existsSync(file)) return 0;
  const db = new DatabaseSync(file);
  try {
    if (db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get('together') === undefined) return 0;
    const rows = db.prepare('SELECT rule, tenant_id, hour, object, groups FROM together').all() as unknown as TogetherRow[];
    const [update, remove] = [
      db.prepare('UPDATE together SET groups = ? WHERE rule = ? AND tenant_id = ? AND hour = ? AND object = ?'),
      db.prepare('DELETE FROM together WHERE rule = ? AND tenant_id = ? AND hour = ? AND object = ?'),
    ];
    let erased = 0;
    db.exec('PRAGMA secure_delete = ON');
    inTransaction(db, () => {
      for (const { rule, tenant_id: tenant, hour, object, groups } of rows) {
        const all = [...unpackedGroups(groups)];
        const kept = all.filter(([group, hits]) => !isTheirs({ text: `${group} ${packedHits(hits)}`, tenant }));
        erased += all.length - kept.length;
        if (isDryRun || kept.length === all.length) continue;
        if (kept.length === 0) remove.run(rule, tenant, hour, object);
        else update.run(packedGroups(new Map(kept)), rule, tenant, hour, object);
      }
    });
    return erased;
  } finally {
    db.close();
  }
}

interface TogetherRow {
  readonly rule: string;
  readonly tenant_id: string;
  readonly hour: number;
  readonly object: string;
  readonly groups: string;
}

/** @param texts Columns that may name somebody. */
function inTable(file: string, table: string, texts: readonly string[], tenant: string, { isTheirs, isDryRun }: Erasing): number {
  if (!existsSync(file)) return 0;
  const db = new DatabaseSync(file);
  try {
    if (db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table) === undefined) return 0;
    db.function('is_theirs', { deterministic: true }, (text, of) => Number(isTheirs({ text: String(text), tenant: String(of) })));
    const where = `is_theirs(${texts.map((name) => `coalesce(${name}, '')`).join(" || ' ' || ")}, ${tenant})`;
    const { count } = db.prepare(`SELECT count(*) AS count FROM ${table} WHERE ${where}`).get() ?? {};
    if (!isDryRun)
      inTransaction(db, () => {
        db.exec(`DELETE FROM ${table} WHERE ${where}`);
      });
    return Number(count);
  } finally {
    db.close();
  }
}

function tenantIdOf(ledgerFile: string, tenant: string): string | undefined {
  if (!existsSync(ledgerFile)) return undefined;
  const db = new DatabaseSync(ledgerFile);
  try {
    const id = db.prepare('SELECT tenant_id FROM tenants WHERE tenant_name = ?').get(tenant)?.tenant_id;
    return typeof id === 'string' ? id : undefined;
  } finally {
    db.close();
  }
}
