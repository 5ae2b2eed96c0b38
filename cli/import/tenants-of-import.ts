/** Whose records these are: the tenant's, another organization's, or unknown. */

import type { DuckDBConnection } from '@duckdb/node-api';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { CloudId } from '../../shared/clouds.ts';
import { tenantGuid, tenantNameOf, type ImportTarget, type TenantGuid } from './import-target.ts';

/** The tenant as the command line names it. */
export interface TenantRequest {
  readonly tenantName: string;
  /** Found out when absent; see {@link tenantGuid}. */
  readonly tenantId?: string | undefined;
  /** Records of other organizations land, under their own tenant ids. */
  readonly anyOrganization?: boolean | undefined;
  readonly cloudOf: (logType: LogType) => CloudId;
}

/** Where a record goes, or why it does not. */
export type Placed = { readonly kind: 'target'; readonly target: ImportTarget } | { readonly kind: 'refused'; readonly why: string };

/** Decides once which tenant the import is for, and then for every record whether it is that tenant's. */
export class TenantsOfImport {
  tenant: TenantGuid | undefined;
  private readonly request: TenantRequest;
  private readonly connection: DuckDBConnection;
  private readonly root: string;
  private readonly names = new Map<string, string>();

  constructor(request: TenantRequest, { connection, root }: { readonly connection: DuckDBConnection; readonly root: string }) {
    this.request = request;
    this.connection = connection;
    this.root = root;
    if (request.tenantId !== undefined) this.tenant = { tenantId: request.tenantId, because: '--tenant-id' };
  }

  /** @param organization The first that a record names, if any does. */
  async decide(organization: string | undefined): Promise<TenantGuid> {
    this.tenant ??= await tenantGuid(this.connection, this.root, this.request.tenantName, organization);
    return this.tenant;
  }

  /** Only once it is decided which tenant the import is for. */
  async place(logType: LogType, organization: string | undefined): Promise<Placed> {
    const { tenantId, because } = await this.decide(organization);
    const { tenantName, anyOrganization, cloudOf } = this.request;
    const isOther = organization !== undefined && organization !== tenantId;
    if (isOther && !anyOrganization)
      return { kind: 'refused', why: `of organization ${organization}, and ${tenantName} is ${tenantId} (${because})` };
    const stream = { cloud: cloudOf(logType), tenantId: isOther ? organization : tenantId, logType: logType.id };
    return { kind: 'target', target: { logType, tenantName: isOther ? await this.nameOf(organization) : tenantName, stream } };
  }

  private async nameOf(organization: string): Promise<string> {
    const name = this.names.get(organization) ?? (await tenantNameOf(this.connection, this.root, organization));
    this.names.set(organization, name);
    return name;
  }
}
