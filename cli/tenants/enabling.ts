/** What switching a tenant on makes of its configuration. */

import { hasPassed, type CheckedLogType } from '../../lambdas/check/checked-tenant.ts';
import { isObject, isSwitchedOn, type TenantJson } from './tenant-store.ts';

/** The outcome of enabling a tenant. */
export interface Enabled {
  /** Absent when no log type can be collected; then nothing is to be changed. */
  readonly config?: TenantJson;
  /** What is collected from now on. */
  readonly logTypes: readonly string[];
  /** Chosen, and kept waiting because their test failed; `lake tenant enable` tests them again. */
  readonly waiting: readonly string[];
}

const keys = ['managementActivity', 'graph'] as const;

/**
 * The configuration with the tenant and every log type that passed switched on. What failed waits. What is collected already stays:
 * a test that fails today is no reason to stop.
 *
 * @param checked `anyway` switches everything on that is chosen.
 */
export function enabled(config: TenantJson, checked: readonly CheckedLogType[] | 'anyway'): Enabled {
  const collected = isSwitchedOn(config) ? keys.flatMap((key) => idsIn(config[key], 'logTypes')) : [];
  const passes = (id: string): boolean =>
    checked === 'anyway' || collected.includes(id) || checked.some((one) => one.logType === id && hasPassed(one));
  const choices = keys.flatMap((key) => (config[key] === undefined ? [] : [[key, moved(config[key], passes)] as const]));
  const logTypes = choices.flatMap(([, choice]) => idsIn(choice, 'logTypes'));
  const waiting = choices.flatMap(([, choice]) => idsIn(choice, 'waiting'));
  if (logTypes.length === 0) return { logTypes, waiting };
  return { config: { ...config, enabled: true, ...Object.fromEntries(choices) }, logTypes, waiting };
}

function moved(choice: unknown, passes: (id: string) => boolean): unknown {
  if (!isObject(choice)) return choice;
  const { waiting: _waiting, logTypes: _logTypes, ...rest } = choice;
  const ids = [...idsIn(choice, 'logTypes'), ...idsIn(choice, 'waiting')];
  const waiting = ids.filter((id) => !passes(id));
  return { ...rest, logTypes: ids.filter(passes), ...(waiting.length > 0 && { waiting }) };
}

function idsIn(choice: unknown, key: 'logTypes' | 'waiting'): string[] {
  const ids = isObject(choice) ? choice[key] : undefined;
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
