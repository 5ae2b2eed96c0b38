import { ledgerSchema } from '../../local/ledger/schema.ts';
import { inTransaction, openDatabase } from '../../local/database.ts';

/** With a stream each, in the order in which they may go: nothing refers to what is gone before. */
const tables = ['members', 'jobs', 'claims', 'cursors'] as const;
/** What was lost for ever: nobody could find it out again. */
const lossTables = ['losses', 'gaps'] as const;

/**
 * Forgets what the ledger of a lake folder knows of a tenant, in one transaction; rows of losses and gaps only where that is asked for.
 *
 * @param others Names of tenants that stay. @throws When one of them is the same tenant at Microsoft.
 * @returns How many rows are gone.
 */
export function forgetTenantInFolder(ledgerFile: string, name: string, others: readonly string[], losses: 'keep' | 'forget'): number {
  const db = openDatabase(ledgerFile, ledgerSchema);
  try {
    const idOf = (tenant: string): unknown => db.prepare('SELECT tenant_id FROM tenants WHERE tenant_name = ?').get(tenant)?.tenant_id;
    const id = idOf(name);
    db.prepare('DELETE FROM token_failures WHERE tenant_name = ?').run(name);
    if (typeof id !== 'string') return 0;
    const same = others.find((other) => idOf(other) === id);
    if (same !== undefined) throw new Error(sameTenant(name, same));
    return inTransaction(db, () => {
      const gone = [...(losses === 'forget' ? lossTables : []), ...tables].map((table) =>
        Number(db.prepare(`DELETE FROM ${table} WHERE stream LIKE '%#' || ? || '#%'`).run(id).changes),
      );
      db.prepare('DELETE FROM tenants WHERE tenant_name = ?').run(name);
      return gone.reduce((sum, rows) => sum + rows, 0);
    });
  } finally {
    db.close();
  }
}

const sameTenant = (name: string, other: string): string =>
  `the state of '${name}' is that of '${other}' as well, for both are one tenant at Microsoft: it was not forgotten`;

/** A tenant among the others that is the same one at Microsoft, so that both have one state; undefined when there is none. */
export function sharingState(ledgerFile: string, name: string, others: readonly string[]): string | undefined {
  const db = openDatabase(ledgerFile, ledgerSchema);
  try {
    const idOf = (tenant: string): unknown => db.prepare('SELECT tenant_id FROM tenants WHERE tenant_name = ?').get(tenant)?.tenant_id;
    const id = idOf(name);
    return id === undefined ? undefined : others.find((other) => other !== name && idOf(other) === id);
  } finally {
    db.close();
  }
}
