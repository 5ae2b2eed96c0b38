/** CloudFormation's limits, with room for what comes next: four more log types and two more clouds, in every stack. */

import { describe, expect, test } from '@jest/globals';
import { AuditLakeStack } from '../../infra/audit-lake-stack.ts';
import type { StreamKind } from '../../infra/settings.ts';
import { cloudById, clouds, type CloudId } from '../../shared/clouds.ts';
import { compactedTables } from '../../shared/datasets/compacted-tables.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import { logTypes, rawDatasets } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import { deploymentOf, everything, makeApp, type StackTemplate } from './deployment.ts';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const limits = { resources: 500, bytes: 1_000_000, parameters: 200, outputs: 200 };
const [moreLogTypes, moreClouds] = [4, 2];

/** Every pair there is, and those that the next log types and clouds would bring: each cloud offers each. */
function grownStreams(): StreamKind[] {
  const invented = Array.from({ length: moreLogTypes }, (_, index) => inventedLogType(index));
  const [first] = clouds;
  const grown = [
    ...clouds.map(({ id }) => id),
    ...Array.from({ length: moreClouds }, (_, index) => `${first.id}-${String(index)}` as CloudId),
  ];
  const all = [...logTypes, ...invented];
  const offers = (cloud: CloudId, logType: LogType): boolean => {
    const known = clouds.some(({ id }) => id === cloud);
    const isInvented = invented.includes(logType);
    return known && !isInvented ? logType.clouds.includes(cloud) : known ? cloudById(cloud).api === 'graph' : true;
  };
  return grown.flatMap((cloud) => all.filter((logType) => offers(cloud, logType)).map((logType) => ({ logType, cloud })));
}

/** Of the log type with the longest id, so that its names are as long as names get. */
function inventedLogType(index: number): LogType {
  const [longest] = [...logTypes].sort((a, b) => b.id.length - a.id.length);
  if (!longest) throw new Error('the catalog is empty');
  return { ...longest, id: `${longest.id}-${String(index)}` };
}

const { app, settings, code } = makeApp(everything);
const stack = new AuditLakeStack(app, 'Grown', { settings: { ...settings, streams: grownStreams() }, code });
const { templates } = deploymentOf(app, stack);

/** What a log type brings that lists do not: the largest raw dataset and the largest normalized one, of each the table and the view. */
const tablesEach = 4;
const bytesEach = largestOf(rawDatasets) + largestOf(knownDatasets.map(({ name }) => name));

function largestOf(datasets: readonly string[]): number {
  const those = compactedTables.filter(({ dataset }) => datasets.includes(dataset));
  return Math.max(...those.map(({ landed, view }) => bytesOf(landed) + bytesOf(view)));
}

function bytesOf(name: string): number {
  const found = tablesOf(Object.values(templates)).find(({ Properties }) => (Properties.TableInput as { Name: string }).Name === name);
  if (!found) throw new Error(`no template has the table ${name}`);
  return JSON.stringify(found).length;
}

function tablesOf(all: readonly StackTemplate[]): StackTemplate['Resources'][string][] {
  return all.flatMap(({ Resources }) => Object.values(Resources).filter(({ Type }) => Type === 'AWS::Glue::Table'));
}

test('there is a stack for the lists of each cloud, one of saved queries, one of compaction, and the one around them', () => {
  expect(Object.keys(templates)).toHaveLength(1 + 1 + 1 + clouds.length + moreClouds);
});

describe.each(Object.entries(templates))('%s takes four more log types and two more clouds', (path, template) => {
  const isGrowing = tablesOf([template]).length > 0;
  const tables = isGrowing ? moreLogTypes * tablesEach : 0;

  test(`has fewer than ${String(limits.resources)} resources`, () => {
    expect({ path, resources: Object.keys(template.Resources).length + tables < limits.resources }).toEqual({ path, resources: true });
  });

  test('is smaller than a megabyte', () => {
    expect(Buffer.byteLength(JSON.stringify(template)) + (isGrowing ? moreLogTypes * bytesEach : 0)).toBeLessThan(limits.bytes);
  });

  test(`has fewer than ${String(limits.parameters)} parameters and outputs`, () => {
    expect(Object.keys(template.Parameters ?? {}).length).toBeLessThan(limits.parameters);
    expect(Object.keys(template.Outputs ?? {}).length).toBeLessThan(limits.outputs);
  });
});

test('no widget of the dashboard shows more than 100 alarms, which is as many as CloudWatch takes', () => {
  const [dashboard] = Object.values(templates).flatMap(({ Resources }) =>
    Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard'),
  );
  const body = dashboard?.Properties.DashboardBody as { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
  const text = body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'TOKEN')).join('');
  const { widgets } = JSON.parse(text) as { readonly widgets: readonly { readonly properties: { readonly alarms?: readonly string[] } }[] };
  const counts = widgets.flatMap(({ properties }) => (properties.alarms ? [properties.alarms.length] : []));
  expect(counts).toHaveLength(1 + clouds.length + moreClouds);
  expect(Math.max(...counts)).toBeLessThanOrEqual(100);
});
