/** One call of one of the two APIs: token, pace, request, and what the answer means. */

import { cloudById, type Cloud } from '../clouds.ts';
import type { Tenant } from '../domain/tenant.ts';
import type { LogType } from '../log-types/log-type.ts';
import { missingPermissions } from '../log-types/missing-permissions.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Answer, Cause, Refusal } from '../ports/microsoft.ts';
import { judgeActivity, judgeGraph, type Asked, type Judgement } from './api-errors.ts';
import { refuse } from './refuse.ts';
import { isErrorBody } from './error-body.ts';
import { notPremium } from './graph-errors.ts';
import type { Http, HttpReply, HttpRequest } from './http.ts';
import type { Limits } from './limits.ts';
import type { Pacing, TurnOf } from './pacing.ts';
import { withQuickRetries } from './quick-retries.ts';
import type { Tokens } from './token.ts';
import type { Token } from './token-request.ts';

/** What a tenant's calls about one log type have in common. */
export interface Session {
  readonly tenant: Tenant;
  readonly logType: LogType;
  readonly cloud: Cloud;
  /** As the token names it, lower case. */
  readonly tenantId: string;
  readonly publisherId: string;
  /** Application permissions that were granted. */
  readonly roles: readonly string[];
}

/** A request without its token, with what it asks for. */
export interface ApiRequest extends Omit<HttpRequest, 'token'> {
  readonly asked: Asked;
}

type Sent =
  /** Status 200. */
  | { readonly kind: 'ok'; readonly reply: HttpReply }
  /** The status is absent when no answer came. */
  | { readonly kind: 'failed'; readonly refusal: Refusal; readonly status?: number };

/** The calls of one client: they share its tokens, pace and connections. */
export interface ApiCalls {
  /** The tenant's session for one log type; asks for a token where none is kept. @throws When the tenant has not chosen the log type's API. */
  open(tenant: Tenant, logType: LogType): Promise<Answer<Session>>;
  /** Sends, with a turn of the pace, a second token after a 401, quick retries, and retries of a licence error that Microsoft gets wrong. */
  send(session: Session, request: ApiRequest): Promise<Sent>;
  /** What an answer with status 200 means that turned out to be an error object. */
  judge(session: Session, reply: HttpReply, asked: Asked): Refusal;
}

/** What calls are made of. */
export interface ApiCallDeps {
  readonly http: Http;
  readonly tokens: Tokens;
  readonly pacing: Pacing;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Limits;
}

/** Makes the calls of a client. Everything is passed in: nothing is kept here but what the parts keep. */
export function apiCalls(deps: ApiCallDeps): ApiCalls {
  const judge = (session: Session, reply: HttpReply, asked: Asked): Judgement => {
    const judgement = asked === 'collection' ? judgeGraph(reply) : judgeActivity(reply, asked);
    if (judgement.code === notPremium && judgement.refusal.kind === 'refused') {
      return { ...judgement, refusal: { ...judgement.refusal, cause: withLicence(judgement.refusal.cause, session.logType) } };
    }
    if (!judgement.isAboutPermission) return judgement;
    const cause = withMissingRoles(judgement.refusal.cause, session);
    return { ...judgement, refusal: { ...judgement.refusal, cause } };
  };
  const sendOnce = async (session: Session, request: ApiRequest): Promise<Sent & { readonly code?: string | undefined }> => {
    const { answer, token } = await withToken(session, request, deps);
    if (answer.kind !== 'ok') return { kind: 'failed', refusal: answer };
    const reply = answer.value;
    if (reply.status === 200 && !(request.into.kind === 'memory' && isErrorBody(reply.body))) return { kind: 'ok', reply };
    const { refusal, code, isAboutPermission } = judge(session, reply, request.asked);
    if (isAboutPermission && token) deps.tokens.forget(session.tenant, cloudIdOf(session), token);
    if (refusal.kind === 'throttled' && refusal.retryAfterMs !== undefined) {
      deps.pacing.hold(turnOf(session), refusal.retryAfterMs);
    }
    note(deps.log, session, reply, refusal);
    return { kind: 'failed', refusal, status: reply.status, code };
  };
  return {
    open: async (tenant, logType) => {
      const cloudId = choiceOf(tenant, logType).cloud;
      const token = await deps.tokens.acquire(tenant, cloudId);
      if (token.kind !== 'ok') return token;
      const { tenantId, roles } = token.value;
      const publisherId = tenant.publisherId ?? tenantId;
      return { kind: 'ok', value: { tenant, logType, cloud: cloudById(cloudId), tenantId, publisherId, roles } };
    },
    send: async (session, request) => {
      let sent = await sendOnce(session, request);
      for (const waitMs of deps.limits.licenceRetriesMs) {
        if (sent.code !== notPremium) break;
        await deps.clock.sleep(waitMs);
        sent = await sendOnce(session, request);
      }
      return sent;
    },
    judge: (session, reply, asked) => judge(session, reply, asked).refusal,
  };
}

/** Sends with the tenant's token; once more with another one when Microsoft refuses it. */
async function withToken(session: Session, request: ApiRequest, deps: ApiCallDeps): Promise<{ answer: Answer<HttpReply>; token?: Token }> {
  const first = await deps.tokens.acquire(session.tenant, cloudIdOf(session));
  if (first.kind !== 'ok') return { answer: first };
  const answer = await paced(session, request, first.value, deps);
  if (answer.kind !== 'ok' || answer.value.status !== 401) return { answer, token: first.value };
  const second = await deps.tokens.renew(session.tenant, cloudIdOf(session), first.value);
  if (second.kind !== 'ok') return { answer: second };
  if (second.value.value === first.value.value) return { answer, token: first.value };
  return { answer: await paced(session, request, second.value, deps), token: second.value };
}

/** Every attempt takes a turn of its own: one that fails counts against the limit as well. */
function paced(session: Session, request: ApiRequest, token: Token, deps: ApiCallDeps): Promise<Answer<HttpReply>> {
  if (token.tenantId !== session.tenantId) {
    const cause = { code: 'foreign-token', message: 'the token belongs to another tenant than the request', cure: 'Check tenantDomain' };
    return Promise.resolve(refuse('refused', cause));
  }
  return withQuickRetries(deps.clock, deps.limits, async () => {
    const turn = await deps.pacing.turn(turnOf(session), deps.limits.paceMs);
    if (turn.kind === 'too-far') {
      return refuse('throttled', { code: 'paced', message: 'the limit of requests is used up for now', cure: '' }, turn.waitMs);
    }
    const { asked: _asked, ...bare } = request;
    return deps.http.send({ ...bare, token: token.value });
  });
}

/** @throws When the tenant has not chosen the API of the log type: the caller mixed something up. */
function choiceOf(tenant: Tenant, logType: LogType): NonNullable<Tenant['graph']> {
  const choice = logType.source.kind === 'content' ? tenant.managementActivity : tenant.graph;
  if (!choice) throw new Error(`tenant '${tenant.name}' has not chosen the API of log type '${logType.id}'`);
  return choice;
}

function cloudIdOf(session: Session): NonNullable<Tenant['graph']>['cloud'] {
  return choiceOf(session.tenant, session.logType).cloud;
}

function turnOf({ tenantId, tenant, logType }: Session): TurnOf {
  const pace = logType.source.kind === 'content' ? 'activity' : logType.source.throttle;
  return { bucket: `${tenantId} ${tenant.clientId}`, pace, logType: logType.id };
}

/** Which log type lacks which licence; both differ between the log types of Graph. */
function withLicence(cause: Cause, { id, title, licence }: LogType): Cause {
  return {
    ...cause,
    message: `the tenant has no licence for ${title}${licence === undefined ? '' : ` (${licence})`}`,
    cure: `Add the licence to the tenant, or take ${id} out of its configuration`,
  };
}

function withMissingRoles(cause: Cause, session: Session): Cause {
  const missing = missingPermissions(session.logType, session.roles).map(({ name }) => name);
  if (missing.length === 0) return cause;
  const granted = session.roles.length === 0 ? 'nothing' : session.roles.join(', ');
  return { ...cause, message: `${cause.message}; missing ${missing.join(', ')}, granted ${granted}` };
}

/** What Microsoft's support asks for. */
function note(log: Log, session: Session, reply: HttpReply, refusal: Refusal): void {
  log.info('Microsoft did not give what was asked for', {
    tenant: session.tenant.name,
    logType: session.logType.id,
    status: reply.status,
    kind: refusal.kind,
    code: refusal.cause.code,
    requestId: reply.headers['request-id'],
    clientRequestId: reply.headers['client-request-id'],
    diagnostic: reply.headers['x-ms-ags-diagnostic'],
  });
}
