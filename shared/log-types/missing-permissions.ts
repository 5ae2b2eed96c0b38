import type { LogType, Permission } from './log-type.ts';

/**
 * Permissions of the log type that neither themselves nor a greater one are among the granted ones.
 *
 * @param roles Application permissions as a token's `roles` names them; their ids differ from cloud to cloud.
 * @param which `needed` alone when absent.
 */
export function missingPermissions(logType: LogType, roles: readonly string[], which: 'needed' | 'optional' = 'needed'): Permission[] {
  const isGranted = (name: string): boolean => roles.includes(name);
  return logType.permissions
    .filter(({ isOptional = false }) => isOptional === (which === 'optional'))
    .filter(({ name, satisfiedBy = [] }) => ![name, ...satisfiedBy].some(isGranted));
}
