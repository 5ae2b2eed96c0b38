/** The settings of a deployment: cdk.json context (or `-c key=value`), checked once and whole; every fault is a line that its author understands. */

import type { z } from 'zod';
import { clouds, type CloudId } from '../shared/clouds.ts';
import { deploymentNames, type DeploymentNames } from '../shared/domain/deployment.ts';
import { unknownWord } from '../shared/domain/nearest.ts';
import { alertsLegacy } from '../shared/log-types/alerts-legacy.ts';
import { logTypes } from '../shared/log-types/index.ts';
import type { LogType } from '../shared/log-types/log-type.ts';
import { settingKeys, shape, wordsOf, type Shape } from './settings-shape.ts';

/** The settings, checked, with what follows from them. */
export interface Settings extends Omit<Shape, 'clouds' | 'logTypes' | 'fedramp' | 'vpcId' | 'subnetIds'> {
  /** What list functions are made for: every enabled log type in every enabled cloud that offers it. */
  readonly streams: readonly StreamKind[];
  /** Those that something is collected from, in the order of the cloud table. */
  readonly clouds: readonly CloudId[];
  readonly fedramp: boolean;
  readonly vpc?: { readonly id: string; readonly subnetIds: readonly string[] };
  readonly names: DeploymentNames;
}

/** A log type in a cloud: there is one list function for each. */
export interface StreamKind {
  readonly logType: LogType;
  readonly cloud: CloudId;
}

/** The settings, or every fault of them, each a line for whoever wrote them. */
export type SettingsRead =
  { readonly kind: 'settings'; readonly settings: Settings } | { readonly kind: 'faulty'; readonly faults: readonly string[] };

/**
 * @param context The app's whole context: feature flags and lookups are left alone.
 * @param region Where the stack goes, when that is known: `us-gov-…` is a FedRAMP deployment unless the setting decides otherwise.
 */
export function readSettings(context: Readonly<Record<string, unknown>>, region: string | undefined): SettingsRead {
  const own = Object.entries(context).filter(([key]) => !/[:/@]/.test(key));
  const given = own.map(([key, value]): [string, unknown] => [key, fromCommandLine(key, value)]);
  const { issues = [] } = shape.safeParse(Object.fromEntries(given), { error: wordsOf }).error ?? {};
  // What is right by itself is looked at together, whatever is wrong with the rest.
  const wrong = issues.map(({ path }) => path[0]);
  const right = shape.parse(Object.fromEntries(given.filter(([key]) => key in shape.shape && !wrong.includes(key))));
  const fedramp = right.fedramp ?? region?.startsWith('us-gov-') ?? false;
  const between = faultsBetween(right, fedramp).filter((fault) => !wrong.some((key) => fault.startsWith(`${String(key)}:`)));
  const faults = [...issues.flatMap(faultsOf), ...between];
  return faults.length > 0 ? { kind: 'faulty', faults } : { kind: 'settings', settings: settingsFrom(right, fedramp) };
}

/** `-c listEveryMinutes=1` arrives as text, `-c logTypes='["alerts"]'` too. */
function fromCommandLine(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !(key in shape.shape) || settingKeys.text.includes(key)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function faultsOf(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return [`${path}: ${issue.message}`];
  return issue.keys.map((key) => `${path === '' ? key : `${path}.${key}`}: ${unknownWord('setting', key, settingKeys.at(path))}`);
}

/** What is wrong although every part is right by itself. */
function faultsBetween(given: Shape, fedramp: boolean): string[] {
  const { logTypes: chosen = [], vpcId, subnetIds } = given;
  const faults = chosen.flatMap((id, index) => {
    const fault = logTypeFault(id, chosen.indexOf(id) !== index, given, fedramp);
    return fault === undefined ? [] : [`logTypes.${String(index)}: ${fault}`];
  });
  if (faults.length === 0 && streamsOf(given, fedramp).length === 0)
    faults.push('clouds: no cloud is chosen; choose at least one of an API');
  if ((vpcId === undefined) !== (subnetIds === undefined)) {
    const [there, missing] = vpcId === undefined ? ['subnetIds', 'vpcId'] : ['vpcId', 'subnetIds'];
    faults.push(`${missing}: is missing, and ${there} is given; nothing is looked up, so that synthesis works offline`);
  }
  return [...faults, ...evidenceFaults(given)];
}

/** Settings of the lake's bucket that do not go together. */
function evidenceFaults({ retention, objectLock, evidenceAdminRole, bucketName }: Shape): string[] {
  const { rawDays } = retention;
  return [
    ...(objectLock && rawDays !== undefined && rawDays < objectLock.days
      ? [
          `retention.rawDays: objects are deleted after ${String(rawDays)} days, and held for ${String(objectLock.days)} by objectLock; make rawDays ${String(objectLock.days)} or more`,
        ]
      : []),
    ...(evidenceAdminRole !== undefined && bucketName !== undefined
      ? [
          'evidenceAdminRole: the policy of the bucket that bucketName names is yours; leave this out, and put the statement of docs/deploy.md into it',
        ]
      : []),
  ];
}

/** What is wrong with an id that the catalog knows. */
function logTypeFault(id: string, isRepeated: boolean, given: Shape, fedramp: boolean): string | undefined {
  const logType = logTypes.find((known) => known.id === id);
  if (!logType) return undefined;
  if (isRepeated) return `'${id}' is listed twice; leave one out`;
  if (fedramp && !logType.isOfferedInFedramp) {
    return `'${id}' is not offered in a FedRAMP deployment, where sign-in logs are out of scope; leave it out, or set fedramp to false outside of FedRAMP`;
  }
  if (!cloudsChosen(given).some((cloud) => logType.clouds.includes(cloud))) {
    return `'${id}' is in no chosen cloud; it is offered in ${logType.clouds.join(', ')}`;
  }
  return undefined;
}

function settingsFrom(given: Shape, fedramp: boolean): Settings {
  const { clouds: _clouds, logTypes: _logTypes, fedramp: _fedramp, vpcId, subnetIds, ...rest } = given;
  const vpc = vpcId === undefined || subnetIds === undefined ? {} : { vpc: { id: vpcId, subnetIds } };
  const streams = streamsOf(given, fedramp);
  const used = clouds.map(({ id }) => id).filter((id) => streams.some(({ cloud }) => cloud === id));
  return { ...rest, ...vpc, fedramp, streams, clouds: used, names: deploymentNames(rest.deployment) };
}

function streamsOf(given: Shape, fedramp: boolean): StreamKind[] {
  const chosen = cloudsChosen(given);
  const enabled = logTypes.filter(
    ({ id, isOfferedInFedramp }) => (given.logTypes?.includes(id) ?? id !== alertsLegacy.id) && (!fedramp || isOfferedInFedramp),
  );
  return enabled.flatMap((logType) => chosen.filter((cloud) => logType.clouds.includes(cloud)).map((cloud) => ({ logType, cloud })));
}

/** In the order of the cloud table. */
function cloudsChosen({ clouds: chosen }: Shape): CloudId[] {
  const ids = [...chosen.managementActivity, ...chosen.graph];
  return clouds.map(({ id }) => id).filter((id) => ids.includes(id));
}
