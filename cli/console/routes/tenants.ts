/** The form by which a tenant is set up: what `lake tenant` does, for people who would rather see it. */

import type { AnswerOf, RequestOf, Needed, TenantFields } from '../../../console/api/routes.ts';
import { hasPassed } from '../../../lambdas/check/checked-tenant.ts';
import { Readable } from 'node:stream';
import { clouds } from '../../../shared/clouds.ts';
import { logTypes } from '../../../shared/log-types/index.ts';
import { tenantWarnings } from '../../../shared/tenant-config.ts';
import { addTenant } from '../../commands/tenant/add.ts';
import { enableTenant as enable } from '../../commands/tenant/enable.ts';
import { checkedName } from '../../commands/tenant/store-choice.ts';
import { checkTenant } from '../../tenants/check-tenant.ts';
import { readCredentialInput } from '../../tenants/credential-input.ts';
import {
  changeTenant,
  chosenIds,
  draftTenant,
  keyOf,
  kindOf,
  knownIds,
  usualLogTypes,
  type TenantFields as Fields,
} from '../../tenants/draft.ts';
import { consentSteps, credentialSteps, neededPermissions } from '../../tenants/permissions.ts';
import { notedAfter } from '../../tenants/tenant-audit.ts';
import {
  checkedTenant,
  configOf,
  idsWaiting,
  isObject,
  isSwitchedOn,
  nameOf,
  type TenantJson,
  type TenantStore,
} from '../../tenants/tenant-store.ts';
import type { Backend } from '../backend.ts';

/** The tenants as they are configured, and what a form needs to know. Never a credential. */
export async function tenants(backend: Backend): Promise<AnswerOf<'tenants'>> {
  const { store } = await backend.tenants();
  const usual = usualLogTypes(store.isFedramp);
  const entries = await store.entries();
  return {
    place: store.place,
    hasRole: store.hasRole,
    canChange: true,
    tenants: await Promise.all(
      entries.map(async (entry) => {
        const config = (await store.config(nameOf(entry))) ?? {};
        const faults = entry.kind === 'broken' ? [...entry.faults] : [];
        const credentialPlace = await store.credential(nameOf(entry));
        return {
          name: nameOf(entry),
          isEnabled: isSwitchedOn(config),
          faults,
          fields: fieldsOf(config),
          waiting: idsWaiting(config),
          credentialPlace,
        };
      }),
    ),
    logTypes: logTypes
      .filter((one) => !store.isFedramp || one.isOfferedInFedramp)
      .map((one) => ({
        ...{ id: one.id, title: one.title, api: keyOf(one) === 'graph' ? ('graph' as const) : ('management-activity' as const) },
        permissions: one.permissions.map(({ name, isOptional }) => (isOptional === true ? `${name} (optional)` : name)),
        ...(one.licence !== undefined && { licence: one.licence }),
        ...(one.warning !== undefined && { warning: one.warning }),
        ...{ retired: one.retired !== undefined && one.retired.at <= backend.now(), usual: usual.includes(one.id) },
        ...{ clouds: [...one.clouds], reference: one.reference },
      })),
    clouds: clouds.map(({ id, title, api, pairedWith }) => ({ id, title, api, pairedWith: [...pairedWith] })),
  };
}

function fieldsOf(config: TenantJson): Partial<TenantFields> {
  const kind = kindOf(config);
  const cloud = (choice: unknown): string | undefined => (isObject(choice) && typeof choice.cloud === 'string' ? choice.cloud : undefined);
  const [managementCloud, graphCloud] = [cloud(config.managementActivity), cloud(config.graph)];
  return {
    ...(typeof config.tenantDomain === 'string' && { domain: config.tenantDomain }),
    ...(typeof config.clientId === 'string' && { clientId: config.clientId }),
    logTypes: chosenIds(config),
    ...(managementCloud !== undefined && { managementCloud }),
    ...(graphCloud !== undefined && { graphCloud }),
    ...((kind === 'secret' || kind === 'certificate' || kind === 'federated') && { credential: kind }),
  };
}

/** Adds a tenant, switched off, or changes one. What is odd about it comes back; the credential is written and never read again. */
export async function saveTenant(
  backend: Backend,
  { name, isNew, fields: given, credential }: RequestOf<'saveTenant'>,
): Promise<AnswerOf<'saveTenant'>> {
  const { store } = await backend.tenants();
  const fields = known(given);
  const places = { person: undefined, env: {}, stdin: Readable.from([credential ?? '']) };
  const choice = credential === undefined || credential === '' ? {} : ({ credentialStdin: true } as const);
  if (isNew) await addTenant(checkedName(name), { ...fields, ...choice }, store, places);
  else {
    const config = changeTenant(await configOf(store, checkedName(name)), fields);
    const tenant = checkedTenant(store, name, config);
    const read = choice.credentialStdin ? await readCredentialInput(tenant.credentialKind, choice, places) : undefined;
    await store.save(name, config, 'replace', read);
  }
  const tenant = checkedTenant(store, name, await configOf(store, name));
  return { warnings: tenantWarnings(tenant), needed: neededFor(store, name, fields) };
}

/** What an administrator has to grant for what the form says, before anything is saved. */
export async function neededOf(backend: Backend, { name, fields }: RequestOf<'neededPermissions'>): Promise<Needed> {
  const { store } = await backend.tenants();
  return neededFor(store, checkedName(name), known(fields));
}

const known = ({ logTypes: ids, managementCloud, graphCloud, ...fields }: TenantFields): Fields => ({
  ...fields,
  logTypes: knownIds(ids, 'log types'),
  ...(managementCloud !== undefined && managementCloud !== '' && { managementCloud }),
  ...(graphCloud !== undefined && graphCloud !== '' && { graphCloud }),
});

function neededFor(store: TenantStore, name: string, fields: Fields): Needed {
  const tenant = checkedTenant(store, name, draftTenant(fields));
  const permissions = neededPermissions(tenant);
  return {
    ...{ portal: permissions.portal, consentUrl: permissions.consentUrl },
    apis: permissions.apis.map(({ title, permissions: some }) => ({
      title,
      permissions: some.map(({ logTypes: ids, ...one }) => ({ ...one, logTypes: [...ids] })),
    })),
    steps: [...credentialSteps(tenant), ...consentSteps(tenant, permissions, store.sameTenants)],
  };
}

/** Asks Microsoft for everything that collecting needs; what is wrong comes back with its cure. */
export async function testTenant(backend: Backend, { name }: RequestOf<'testTenant'>): Promise<AnswerOf<'testTenant'>> {
  const { checkPlace, note } = await backend.tenants();
  const checked = await checkTenant(checkedName(name), checkPlace);
  if (checked.kind !== 'checked') throw new Error(checked.kind === 'broken' ? checked.faults.join('; ') : `there is no tenant '${name}'`);
  const { logTypes: found } = checked.tenant;
  await notedAfter(note, { action: 'test', tenant: name, ...(!found.every(hasPassed) && { failed: 'not every log type passed' }) });
  return {
    logTypes: found.map((one) => ({
      ...{ logType: one.logType, passed: hasPassed(one), warnings: [...one.warnings] },
      ...(one.problem && { problem: one.problem.message, code: one.problem.code, cure: one.problem.cure }),
    })),
  };
}

/** Tests, and collects what passed. */
export async function enableTenant(backend: Backend, { name }: RequestOf<'enableTenant'>): Promise<AnswerOf<'enableTenant'>> {
  const { store, checkPlace } = await backend.tenants();
  const nowhere = { print: () => Promise.resolve(), warn: () => undefined };
  const { logTypes: ids, waiting } = await enable(checkedName(name), store, {
    ...nowhere,
    check: () => checkTenant(name, checkPlace),
    isAnyway: false,
  });
  return { logTypes: [...ids], waiting: [...waiting] };
}

/** Its subscriptions at Microsoft stay as they are. */
export async function disableTenant(backend: Backend, { name }: RequestOf<'disableTenant'>): Promise<AnswerOf<'disableTenant'>> {
  const { store } = await backend.tenants();
  const config = await configOf(store, checkedName(name));
  if (isSwitchedOn(config)) await store.save(name, { ...config, enabled: false }, 'replace');
  return {};
}
