/** What the steps of a check share. */

import type { CloudId } from '../../shared/clouds.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import type { Instant, Window } from '../../shared/domain/window.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Answer, Microsoft, Refusal } from '../../shared/ports/microsoft.ts';

/** Whose token it is, and which application permissions it carries on the log type's API. */
export interface Identity {
  readonly tenantId: string;
  readonly roles: readonly string[];
}

/** Of Microsoft, only what changes nothing. */
export interface CheckMicrosoft extends Pick<Microsoft, 'listSubscriptions' | 'listBlobs' | 'clockLeadMs'> {
  identify(tenant: Tenant, logType: LogType): Promise<Answer<Identity>>;
  /** The time of the newest row of a window; undefined when it has no row. */
  newestRow(tenant: Tenant, logType: LogType, window: Window): Promise<Answer<Instant | undefined>>;
}

/** Microsoft, the time, and what a check asks beside what the stations ask. */
export interface CheckDeps {
  readonly microsoft: CheckMicrosoft;
  readonly clock: Clock;
  /** The options that lead a command of `lake tenant` to the tenant, after a space. @example ' --aws' */
  readonly sameTenants: string;
}

/** What is checked. */
export interface Subject {
  readonly tenant: Tenant;
  readonly logType: LogType;
}

/** @throws When the tenant has not chosen the API of the log type: the caller mixed something up. */
export function cloudOf({ tenant, logType }: Subject): CloudId {
  const choice = logType.source.kind === 'content' ? tenant.managementActivity : tenant.graph;
  if (!choice) throw new Error(`tenant '${tenant.name}' has not chosen the API of log type '${logType.id}'`);
  return choice.cloud;
}

/** Whether the refusal is an answer of Microsoft's, and not the silence of the way to it. */
export function hasAnswered({ kind, cause }: Refusal): boolean {
  return kind !== 'unavailable' || /^(?:HTTP \d|AADSTS|AF\d)/.test(cause.code);
}
