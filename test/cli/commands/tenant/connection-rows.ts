/** Everything that `lake tenant test` distinguishes: how Microsoft is played so that it happens. The order is that of the page. */

import { createHash } from 'node:crypto';
import { minutes } from '../../../../shared/domain/window.ts';
import { selfSigned } from '../../../helpers/self-signed.ts';
import { canaries, type Flaw } from './connection-stage.ts';

export interface Row {
  /** As the page says it. */
  readonly what: string;
  readonly flaw: Flaw;
}

const exchange = ['audit-exchange'];
const certificate = selfSigned('contoso', 'rsa');
export const pem = `${certificate.privateKey}${certificate.certificate}`;
const withCertificate = { config: { credential: { kind: 'certificate' } }, stored: pem };

const otherKey = {
  thumbprintSha256: createHash('sha256').update(certificate.der).digest('hex'),
  pem: selfSigned('another', 'rsa').certificate,
};

/** A proof of identity as AWS signs it for a role; nobody looks at the signature before the claims. */
const claims = {
  iss: 'https://00000000-0000-4000-8000-000000000000.tokens.sts.global.api.aws',
  sub: 'arn:aws:iam::111122223333:role/m365-audit-lake-federation-us-east-1',
  aud: 'api://AzureADTokenExchange',
  iat: Date.parse('2026-11-22T12:00:00Z') / 1_000,
  exp: Date.parse('2026-11-22T12:05:00Z') / 1_000,
};
const part = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');
export const assertion = `${part({ alg: 'RS256', typ: 'JWT', kid: 'aws' })}.${part(claims)}.${part('a signature that nobody may see')}`;
const federated = { config: { credential: { kind: 'federated' } }, onAws: { assertion } };

/** A route that answers so, from its request with this number on. */
function answering(route: string, answer: string, from = 1): unknown {
  return { script: Array.from({ length: 6 }, (_, index) => ({ route, request: from + index, answer })) };
}

export const rows: readonly Row[] = [
  { what: 'Nothing', flaw: { logTypes: ['audit-exchange', 'sign-ins-interactive', 'directory-audits', 'alerts'] } },
  { what: 'Nothing, and the subscription was never started', flaw: { setup: { subscribed: [] }, logTypes: exchange } },
  {
    what: 'Nothing, but the subscription was disabled',
    flaw: { change: (tenant) => tenant.subscriptions.set('Audit.Exchange', 'disabled'), logTypes: exchange },
  },
  { what: 'Wrong secret value', flaw: { stored: canaries.wrongSecret, logTypes: exchange } },
  { what: 'Secret ID pasted instead of the Value', flaw: { stored: canaries.secretId, logTypes: exchange } },
  {
    what: 'Expired secret',
    flaw: {
      change: (_, app) => app.secrets.splice(0, 1, { secretId: canaries.secretId, value: canaries.secret, expiresAt: 0 }),
      logTypes: exchange,
    },
  },
  { what: 'Wrong certificate', flaw: { ...withCertificate, logTypes: exchange } },
  {
    what: 'Certificate with another private key',
    flaw: { ...withCertificate, change: (_, app) => app.certificates.push(otherKey), logTypes: exchange },
  },
  {
    what: 'Federation mismatch: other subject',
    flaw: {
      ...federated,
      change: (_, app) => app.federatedCredentials.push({ issuer: claims.iss, subject: `${claims.sub}-old`, audience: claims.aud }),
      logTypes: exchange,
    },
  },
  { what: 'Federation mismatch: other issuer or audience', flaw: { ...federated, logTypes: exchange } },
  { what: 'Federation is switched off in AWS', flaw: { ...federated, onAws: {}, logTypes: exchange } },
  { what: 'Unknown app', flaw: { config: { clientId: '6f8f3f0a-0000-4000-8000-000000000000' }, logTypes: exchange } },
  {
    what: 'App that is switched off',
    flaw: {
      change: (_, app) => {
        app.isEnabled = false;
      },
      logTypes: exchange,
    },
  },
  { what: 'Wrong domain', flaw: { config: { tenantDomain: 'contosso.example' }, logTypes: exchange } },
  {
    what: 'Tenant of another cloud',
    flaw: { setup: { clouds: ['gcc-high', 'us-gov-l4'] }, config: { tenantDomain: 'contoso.example' }, logTypes: exchange },
  },
  {
    what: 'Tenant of another cloud, seen by its domain alone',
    flaw: { config: { tenantDomain: 'agency.onmicrosoft.us' }, logTypes: exchange },
  },
  {
    what: 'Missing consent: no permission at all',
    flaw: {
      change: (_, app) => {
        app.roles.clear();
      },
      logTypes: [...exchange, 'alerts'],
    },
  },
  {
    what: 'Missing consent: Entra issues no token',
    flaw: {
      change: (_, app) => {
        app.refuseWith = 65001;
      },
      logTypes: exchange,
    },
  },
  {
    what: 'API that was never added to the app',
    flaw: { change: (_, app) => app.unknownResources.add('manage.office.com'), logTypes: exchange },
  },
  {
    what: 'Missing role',
    flaw: {
      change: (_, app) => {
        app.roles.delete('SecurityAlert.Read.All');
        app.roles.delete('ActivityFeed.ReadDlp');
      },
      logTypes: ['dlp-all', 'alerts'],
    },
  },
  {
    what: 'Missing role that is optional',
    flaw: { change: (_, app) => app.roles.delete('Policy.Read.ConditionalAccess'), logTypes: ['sign-ins-interactive'] },
  },
  {
    what: 'Directory that the licence check may not read',
    flaw: {
      change: (tenant, app) => {
        tenant.licenceCheckNeedsDirectoryRead = true;
        app.roles.delete('Directory.Read.All');
      },
      logTypes: ['sign-ins-interactive'],
    },
  },
  {
    what: 'Missing licence of risk detections',
    flaw: { setup: { licence: 'free' }, logTypes: ['risk-detections', 'directory-audits'] },
  },
  {
    what: 'Missing licence (Entra ID P1 or P2)',
    flaw: { setup: { licence: 'free' }, logTypes: ['sign-ins-interactive', 'directory-audits'] },
  },
  { what: 'Auditing switched off', flaw: { setup: { isAuditingOn: false }, logTypes: exchange } },
  {
    what: 'Tenant that was deleted',
    flaw: {
      change: (tenant) => {
        tenant.state = 'deleted';
      },
      logTypes: exchange,
    },
  },
  {
    what: 'Conditional Access blocks the app',
    flaw: {
      change: (_, app) => {
        app.isBlockedByConditionalAccess = true;
      },
      logTypes: exchange,
    },
  },
  { what: 'Clock skew', flaw: { skewMs: -minutes(20), logTypes: exchange } },
  { what: 'Clock skew, with a certificate', flaw: { ...withCertificate, skewMs: minutes(120), logTypes: exchange } },
  { what: 'Throttled by Entra', flaw: { faults: answering('token', '429-retry-after'), logTypes: exchange } },
  { what: 'Throttled by the Management Activity API', flaw: { faults: answering('*', 'AF429', 2), logTypes: exchange } },
  { what: 'Throttled by Graph', flaw: { faults: answering('sign-ins', '429'), logTypes: ['sign-ins-interactive'] } },
  { what: 'Microsoft is down', flaw: { faults: answering('subscriptions-list', '503'), logTypes: exchange } },
  { what: 'Entra is down', flaw: { faults: answering('token', '503'), logTypes: exchange } },
  { what: 'Microsoft cannot be reached', flaw: { isUnreachable: true, logTypes: exchange } },
  {
    what: 'Cloud that does not offer the log type',
    flaw: { quirks: { notOffered: ['security/alerts_v2'] }, logTypes: ['alerts', 'directory-audits'] },
  },
  { what: 'Retired API', flaw: { logTypes: ['alerts-legacy'] } },
  { what: 'Retired API that still serves', flaw: { quirks: { legacyAlerts: 'served' }, logTypes: ['alerts-legacy'] } },
];
