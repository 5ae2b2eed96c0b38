import { Duration } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { logTypes } from '../shared/log-types/index.ts';
import type { StreamKind } from './settings.ts';

/**
 * When the list of a stream kind starts.
 *
 * The reporting APIs allow five requests in ten seconds for an app in a tenant, all kinds of sign-ins and the audits together, so
 * Graph lists start a minute after each other, in the order of the catalog, as far as the period has minutes. Content types have
 * a limit that they do not come near; theirs start when they were deployed.
 */
export function scheduleOf({ logType }: Pick<StreamKind, 'logType'>, everyMinutes: number): ScheduleExpression {
  if (logType.source.kind === 'content' || everyMinutes === 1) return ScheduleExpression.rate(Duration.minutes(everyMinutes));
  const graphLogTypes = logTypes.filter(({ source }) => source.kind === 'windows');
  const offset = graphLogTypes.findIndex(({ id }) => id === logType.id) % everyMinutes;
  return ScheduleExpression.cron({ minute: everyMinutes === 60 ? String(offset) : `${String(offset)}/${String(everyMinutes)}` });
}

/** Part of construct ids: made of the catalog's ids, which never change. */
export function streamId({ logType, cloud }: StreamKind): string {
  return inPascalCase(`${logType.id}-${cloud}`);
}

/** The construct id of the nested stack with a cloud's list functions. */
export function listStackId(cloud: string): string {
  return inPascalCase(`list-${cloud}`);
}

/** Of an id with dashes. @example inPascalCase('gcc-high') // 'GccHigh' */
export const inPascalCase = (id: string): string =>
  id.replace(/(^|-)([a-z0-9])/g, (_, _dash: string, letter: string) => letter.toUpperCase());
