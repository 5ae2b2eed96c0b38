/**
 * `POST /{tenant}/oauth2/v2.0/token`, and without `v2.0` the older one: the client credentials flow with a secret, a certificate or a
 * federated assertion.
 */

import { clouds, type Cloud } from '../shared/clouds.ts';
import type { Instant } from '../shared/domain/window.ts';
import { tokenError } from './aadsts.ts';
import { assertionRefusal } from './client-assertion.ts';
import { header, json, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import { issueToken } from './jwt.ts';
import type { Refused, TokenRequest } from './token-request.ts';
import type { AppRegistration, SimulatedTenant } from './world.ts';

/** Answers a token request. @param lifetimeSeconds Until the token expires. */
export function answerTokenRequest(
  request: SimulatedRequest,
  tenants: readonly SimulatedTenant[],
  lifetimeSeconds: number,
): SimulatedAnswer {
  const tenantName = decodeURIComponent(request.path.split('/')[1] ?? '');
  const isV1 = request.path.endsWith('/oauth2/token');
  const form = formOf(request, isV1);
  const endpoint = `https://${request.host}${request.path}`;
  const asked: TokenRequest = { form, endpoint, tenantName, authority: request.host };

  const found = findApp(asked, tenants);
  if ('code' in found) return tokenError(found.code, found.named, request.now);
  const { tenant, app } = found;
  const refused = refusal(asked, tenant, app, request.now);
  if (refused) return tokenError(refused.code, refused.named, request.now);

  const resource = resourceOf(form.get('scope') ?? '');
  const roles = rolesAt(app, cloudOf(resource));
  const claims = { aud: resource, tid: tenant.tenantId, appid: app.clientId, ...(roles.length === 0 ? {} : { roles }) };
  const token = issueToken(claims, request.now, lifetimeSeconds);
  const body = isV1 ? v1Body(token, resource, request.now, lifetimeSeconds) : v2Body(token, lifetimeSeconds);
  return json(200, body, {}, { tenantId: tenant.tenantId });
}

/** Ids may come in the header too (RFC 6749, 2.3.1), and the older endpoint names a resource instead of a scope. */
function formOf(request: SimulatedRequest, isV1: boolean): URLSearchParams {
  const form = new URLSearchParams(request.body);
  const basic = /^Basic (.+)$/i.exec(header(request, 'authorization') ?? '')?.[1];
  const [id, secret] = basic === undefined ? [] : Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent);
  if (id !== undefined && !form.has('client_id')) form.set('client_id', id);
  if (secret !== undefined && !form.has('client_secret')) form.set('client_secret', secret);
  const resource = form.get('resource');
  if (isV1 && resource !== null) form.set('scope', `${resource.replace(/\/+$/, '')}/.default`);
  return form;
}

function v2Body(token: string, lifetimeSeconds: number): Readonly<Record<string, unknown>> {
  return { token_type: 'Bearer', expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds, access_token: token };
}

/** All numbers are texts here. */
function v1Body(token: string, resource: string, now: Instant, lifetimeSeconds: number): Readonly<Record<string, string>> {
  const issuedAt = Math.floor(now / 1_000);
  return {
    token_type: 'Bearer',
    expires_in: String(lifetimeSeconds),
    ext_expires_in: String(lifetimeSeconds),
    expires_on: String(issuedAt + lifetimeSeconds),
    not_before: String(issuedAt),
    resource,
    access_token: token,
  };
}

function findApp(asked: TokenRequest, tenants: readonly SimulatedTenant[]): Refused | { tenant: SimulatedTenant; app: AppRegistration } {
  const { form, tenantName, authority } = asked;
  const isV1 = asked.endpoint.endsWith('/oauth2/token');
  const missing = ['grant_type', 'client_id', isV1 ? 'resource' : 'scope'].find((name) => !form.get(name));
  const clientId = form.get('client_id') ?? '';
  if (tenantName === 'common' || tenantName === 'consumers') return { code: 9001023, named: tenantName };
  if (tenantName === 'organizations') return { code: 90130, named: clientId };
  if (missing) return { code: 900144, named: missing };
  if (form.get('grant_type') !== 'client_credentials') return { code: 70003, named: form.get('grant_type') ?? '' };

  const tenant = tenants.find((one) => one.tenantId === tenantName.toLowerCase() || one.domains.includes(tenantName.toLowerCase()));
  if (!tenant) return { code: 90002, named: tenantName };
  if (!cloudsOf(tenant).some((cloud) => cloud.authority === authority)) return { code: 90038, named: tenantName };
  const app = tenant.apps.find((one) => one.clientId === clientId.toLowerCase());
  return app ? { tenant, app } : { code: 700016, named: clientId };
}

function refusal(asked: TokenRequest, tenant: SimulatedTenant, app: AppRegistration, now: number): Refused | undefined {
  if (app.refuseWith !== undefined) return { code: app.refuseWith, named: app.clientId };
  if (!app.isEnabled) return { code: 7000112, named: app.clientId };
  return (
    scopeRefusal(asked.form.get('scope') ?? '', tenant, app, asked.authority) ??
    credentialRefusal(asked, app, now) ??
    (app.isBlockedByConditionalAccess ? { code: 53003, named: app.clientId } : undefined)
  );
}

function scopeRefusal(scope: string, tenant: SimulatedTenant, app: AppRegistration, authority: string): Refused | undefined {
  const resources = scope.split(' ').filter((one) => one.includes('://'));
  if (resources.length > 1) return { code: 700022, named: scope };
  if (!scope.endsWith('/.default') || resources.length === 0) return { code: 70011, named: scope };

  const cloud = cloudOf(resourceOf(scope));
  const isInTenant = cloudsOf(tenant).some((one) => one.host === cloud?.host && one.authority === authority);
  if (!cloud || !isInTenant) return { code: 500011, named: resourceOf(scope) };
  return app.unknownResources.has(cloud.host) ? { code: 650057, named: resourceOf(scope) } : undefined;
}

function credentialRefusal(asked: TokenRequest, app: AppRegistration, now: number): Refused | undefined {
  const secret = asked.form.get('client_secret');
  const assertion = asked.form.get('client_assertion');
  if (!secret && !assertion) return { code: 7000218, named: '' };
  if (app.isPublicClient) return { code: 700025, named: '' };
  if (assertion) return assertionRefusal(assertion, asked, app, now);

  const known = app.secrets.find((one) => one.value === secret);
  // Also for the ID of a secret, which people paste: Microsoft names both possibilities in the one message.
  if (!known) return { code: 7000215, named: app.clientId };
  return known.expiresAt <= now ? { code: 7000222, named: app.clientId } : undefined;
}

/** Permissions of the resource's own API: a token for one API never carries the roles of another. */
function rolesAt(app: AppRegistration, cloud: Cloud | undefined): string[] {
  const isManagement = cloud?.api === 'management-activity';
  return [...app.roles].filter((role) => role.startsWith('ActivityFeed.') === isManagement).sort();
}

/** `https://manage.office.com/.default` -> `https://manage.office.com`. */
function resourceOf(scope: string): string {
  return scope.replace(/\/+\.default$/, '');
}

function cloudOf(resource: string): Cloud | undefined {
  return clouds.find((cloud) => `https://${cloud.host}` === resource);
}

function cloudsOf(tenant: SimulatedTenant): readonly Cloud[] {
  return clouds.filter((cloud) => tenant.clouds.includes(cloud.id));
}
