/** Who did what with which tenant, and when: a row for each change, written before it, so that no change is without one, and for each test. */

import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../shared/ports/clock.ts';
import { iso } from '../../shared/domain/window.ts';
import { UsageError } from '../../local/exit.ts';
import { isSwitchedOn, type TenantJson, type TenantStore } from './tenant-store.ts';

const rowShape = z.object({
  at: z.string(),
  /** `user@host` on one machine, the caller's ARN on AWS. */
  who: z.string(),
  action: z.enum(['add', 'edit', 'enable', 'disable', 'remove', 'move', 'purge', 'test', 'erase']),
  /** `*` for all of them. */
  tenant: z.string(),
  /** Names of the fields that changed; never what they hold. */
  changed: z.array(z.string()),
  /** The change was begun and did not come about: the error's name. */
  failed: z.string().optional(),
  /** Of an erasure: SHA-256 of the person's user principal name in lower case. */
  subject: z.string().optional(),
  /** Of an erasure, in the words of who asked for it. */
  reason: z.string().optional(),
});
/** One change of one tenant, or one test, which uses its credential. */
export type AuditRow = z.output<typeof rowShape>;

/** Where rows are kept. They are only ever added. */
export interface TenantAudit {
  /** @throws UsageError when the row cannot be written; a change is not to be made then. */
  write(row: AuditRow): Promise<void>;
  /** Oldest first. */
  rows(): Promise<readonly AuditRow[]>;
}

/** Rows as JSON lines in a file beside the tenants file, which only its owner can read. */
export function auditBeside(tenantsFile: string): TenantAudit {
  const file = join(dirname(tenantsFile), `${basename(tenantsFile, '.json')}-audit.jsonl`);
  return {
    write: async (row) => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await appendFile(file, `${JSON.stringify(row)}\n`, { mode: 0o600 }).catch((error: unknown) => {
        throw new UsageError(`who does this could not be written to '${file}' (${codeOf(error)})`);
      });
    },
    rows: async () => readRows((await readFile(file, 'utf8').catch(nothingYet)).split('\n')),
  };
}

/** What a line does not say as a row, a person has written. */
function readRows(lines: readonly string[]): AuditRow[] {
  return lines.flatMap((line) => {
    const row = rowShape.safeParse(parsed(line));
    return row.success ? [row.data] : [];
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // no row
  }
}

function nothingYet(error: unknown): string {
  if (codeOf(error) === 'ENOENT') return '';
  throw error;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
}

/** The person at this machine. */
export function personHere(env: Readonly<Record<string, string | undefined>>): string {
  const { username } = userInfo();
  const sudo = env.SUDO_USER === undefined || env.SUDO_USER === username ? '' : ` (${env.SUDO_USER})`;
  return `${username}${sudo}@${hostname()}`;
}

/** Writes a row of its own making: who and when are the audit's. */
export type Note = (row: Omit<AuditRow, 'at' | 'who'>) => Promise<void>;

/** @param who Asked for when the first row is written. */
export function noteTo(audit: TenantAudit, clock: Clock, who: () => Promise<string>): Note {
  return async (row) => audit.write({ at: iso(clock.now()), who: await who(), ...row });
}

/** A store whose changes each have their row. */
export function audited(store: TenantStore, note: Note): TenantStore {
  return {
    ...store,
    save: async (name, config, how, credential) => {
      const before = how === 'new' ? undefined : await store.config(name);
      const changed = [...changedFields(before ?? {}, config), ...(credential === undefined ? [] : ['credential'])];
      const row = { action: actionOf(before, config), tenant: name, changed: [...new Set(changed)] };
      await noted(note, row, () => store.save(name, config, how, credential));
    },
    remove: (name) => noted(note, { action: 'remove', tenant: name, changed: [] }, () => store.remove(name)),
  };
}

/** Makes a change after its row, and none without; a change that fails has a second one. */
export async function noted<T>(note: Note, row: Omit<AuditRow, 'at' | 'who' | 'failed'>, change: () => Promise<T>): Promise<T> {
  await note(row).catch((error: unknown) => {
    throw error instanceof UsageError ? new UsageError(`nothing was changed: ${error.message}`) : error;
  });
  try {
    return await change();
  } catch (error) {
    await note({ ...row, failed: error instanceof Error ? error.name : 'Error' });
    throw error;
  }
}

/** For what changes nothing, and is done whether or not it can be noted. @returns Why it could not be. */
export async function notedAfter(note: Note, row: Pick<AuditRow, 'action' | 'tenant' | 'failed'>): Promise<string | undefined> {
  try {
    await note({ ...row, changed: [] });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function actionOf(before: TenantJson | undefined, after: TenantJson): AuditRow['action'] {
  if (!before) return 'add';
  if (isSwitchedOn(before) === isSwitchedOn(after)) return 'edit';
  return isSwitchedOn(after) ? 'enable' : 'disable';
}

function changedFields(before: TenantJson, after: TenantJson): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
