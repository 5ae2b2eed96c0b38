import type { Instant } from '../shared/domain/window.ts';
import type { EventName } from './fault-names.ts';
import type { EventRule } from './faults.ts';
import { guidOf } from './random.ts';
import { everyRole } from './roles.ts';
import type { SimulatedTenant } from './world.ts';

/** Lets one scripted event happen to the tenant it names, or to all. */
export function changeTenants(tenants: readonly SimulatedTenant[], rule: EventRule, at: Instant): void {
  for (const tenant of tenants) {
    if (rule.tenant === undefined || rule.tenant === tenant.name) changes[rule.event](tenant, rule, at);
  }
}

type Change = (tenant: SimulatedTenant, rule: EventRule, at: Instant) => void;

const changes: Readonly<Record<EventName, Change>> = {
  'expire-next-pages': () => undefined,
  'rotate-secret': (tenant, { secret }, at) => {
    for (const app of tenant.apps) {
      const value = secret ?? `simulated-secret-of-${tenant.name}-rotated`;
      app.secrets.splice(0, app.secrets.length, {
        secretId: guidOf('secret-id', tenant.name, at),
        value,
        expiresAt: Number.POSITIVE_INFINITY,
      });
    }
  },
  'expire-secret': (tenant, _rule, at) => {
    for (const app of tenant.apps) app.secrets.splice(0, app.secrets.length, ...app.secrets.map((one) => ({ ...one, expiresAt: at })));
  },
  'withdraw-consent': (tenant) => {
    for (const app of tenant.apps) app.roles.clear();
  },
  'restore-consent': (tenant) => {
    for (const app of tenant.apps) for (const role of everyRole) app.roles.add(role);
  },
  'disable-subscription': (tenant, { contentType }) => {
    for (const one of subscriptionsOf(tenant, contentType)) tenant.subscriptions.set(one, 'disabled');
  },
  'enable-subscription': (tenant, { contentType }) => {
    for (const one of subscriptionsOf(tenant, contentType)) tenant.subscriptions.set(one, 'enabled');
  },
  'remove-subscription': (tenant, { contentType }) => {
    for (const one of subscriptionsOf(tenant, contentType)) tenant.subscriptions.delete(one);
  },
  'switch-auditing-off': (tenant) => {
    tenant.isAuditingOn = false;
  },
  'switch-auditing-on': (tenant) => {
    tenant.isAuditingOn = true;
  },
  'delete-tenant': (tenant) => {
    tenant.state = 'deleted';
  },
  'restore-tenant': (tenant) => {
    tenant.state = 'active';
  },
  'lose-licence': (tenant) => {
    tenant.licence = 'free';
  },
  'gain-licence': (tenant) => {
    tenant.licence = 'premium';
  },
  'block-by-conditional-access': (tenant) => {
    for (const app of tenant.apps) app.isBlockedByConditionalAccess = true;
  },
  unblock: (tenant) => {
    for (const app of tenant.apps) app.isBlockedByConditionalAccess = false;
  },
};

function subscriptionsOf(tenant: SimulatedTenant, contentType: string | undefined): readonly string[] {
  return contentType === undefined ? [...tenant.subscriptions.keys()] : [contentType];
}
