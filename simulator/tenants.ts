import { cloudById, type CloudId } from '../shared/clouds.ts';
import type { Instant } from '../shared/domain/window.ts';
import { guidOf } from './random.ts';
import { everyRole } from './roles.ts';
import type { AppRegistration, SimulatedTenant } from './world.ts';

/** What is special about a tenant. */
export interface TenantSetup {
  /** The tenant's GUID, client id and secret are functions of it. */
  readonly name: string;
  readonly clouds?: readonly CloudId[];
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly secret?: string;
  readonly licence?: 'free' | 'premium';
  readonly isAuditingOn?: boolean;
  /** Content types that are subscribed already; none by default, as in a tenant nobody has collected from. */
  readonly subscribed?: readonly string[];
  readonly app?: Partial<AppRegistration>;
}

/** A tenant in good order, with one app that has every permission, unless the set-up says otherwise. */
export function simulatedTenant(setup: TenantSetup): SimulatedTenant {
  const { name, clouds = ['enterprise', 'global'] } = setup;
  return {
    name,
    tenantId: setup.tenantId ?? guidOf('tenant', name),
    domains: [tenantDomain(name, clouds), `${name}.example`],
    clouds,
    state: 'active',
    licence: setup.licence ?? 'premium',
    isAuditingOn: setup.isAuditingOn ?? true,
    dlpNeedsReadDlp: false,
    licenceCheckNeedsDirectoryRead: false,
    subscriptions: new Map((setup.subscribed ?? []).map((contentType) => [contentType, 'enabled'])),
    apps: [simulatedApp(setup)],
  };
}

function simulatedApp(setup: TenantSetup): AppRegistration {
  const { name } = setup;
  return {
    clientId: setup.clientId ?? guidOf('client', name),
    displayName: 'm365-audit-lake',
    isEnabled: true,
    isPublicClient: false,
    unknownResources: new Set(),
    isBlockedByConditionalAccess: false,
    secrets: [{ secretId: guidOf('secret-id', name), value: setup.secret ?? `simulated-secret-of-${name}`, expiresAt: never }],
    certificates: [],
    federatedCredentials: [],
    roles: new Set(everyRole),
    ...setup.app,
  };
}

/** @example contoso.onmicrosoft.com, or contoso.onmicrosoft.us in the government clouds */
function tenantDomain(name: string, clouds: readonly CloudId[]): string {
  const [first = 'enterprise'] = clouds;
  return `${name}.${cloudById(first).tenantDomain}`;
}

const never: Instant = Number.POSITIVE_INFINITY;
