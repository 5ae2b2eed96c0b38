import { answer } from '../../local/answer.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import type { Credential, TenantEntry, Tenants } from '../../shared/ports/tenants.ts';
import { parseTenantConfig } from '../../shared/tenant-config.ts';

interface Kept {
  readonly config: unknown;
  readonly secret?: string | undefined;
}

/** Tenants in memory: put in as configured, read through the same checks as everywhere. */
export class MemoryTenants implements Tenants {
  private readonly kept = new Map<string, Kept>();

  put(name: string, config: unknown, secret?: string): void {
    this.kept.set(name, { config, secret });
  }

  remove(name: string): void {
    this.kept.delete(name);
  }

  list(): Promise<readonly TenantEntry[]> {
    return answer(() =>
      [...this.kept].map(([name, { config }]) => parseTenantConfig(name, config)).filter((entry) => entry.kind !== 'disabled'),
    );
  }

  byName(name: string): Promise<Tenant | undefined> {
    return answer(() => {
      const kept = this.kept.get(name);
      const parsed = kept && parseTenantConfig(name, kept.config);
      return parsed?.kind === 'tenant' ? parsed.tenant : undefined;
    });
  }

  credential(name: string): Promise<Credential> {
    return answer(() => {
      const secret = this.kept.get(name)?.secret;
      if (secret === undefined) throw new Error(`tenant '${name}' has no credential`);
      return { kind: 'secret', secret };
    });
  }
}
