/** CloudFormation's limits, with room for what comes next: four more log types and two more clouds, in every stack. */

import { describe, expect, test } from '@jest/globals';
import { AuditLakeStack } from '../../infra/audit-lake-stack.ts';
import { landedTables } from '../../infra/compaction-station.ts';
import type { StreamKind } from '../../infra/settings.ts';
import { cloudById, clouds, homes, type Cloud, type CloudId } from '../../shared/clouds.ts';
import { compactedTables } from '../../shared/datasets/compacted-tables.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import type { CompactedTable } from '../../shared/domain/compacted-table.ts';
import { logTypes, rawDatasets } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import { deploymentOf, everything, makeApp } from './deployment.ts';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const limits = { resources: 500, bytes: 1_000_000, parameters: 200, outputs: 200 };
/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const policyCharacters = 6_144;
const [moreLogTypes, moreClouds] = [4, 2];

const knownClouds = clouds.map(({ id }) => id);
/** Rows of the cloud table, while this file is tested: each has its queue and worker, and tenants of its own. */
const inventedClouds = Array.from({ length: moreClouds }, (_, index) => `${clouds[0].id}-${String(index)}` as CloudId);
(clouds as unknown as Cloud[]).push(...inventedClouds.map((id) => ({ ...clouds[0], id })));
(homes as CloudId[]).push(...inventedClouds);

/** Every pair there is, and those that the next log types and clouds would bring: each cloud offers each. */
function grownStreams(): StreamKind[] {
  const invented = Array.from({ length: moreLogTypes }, (_, index) => inventedLogType(index));
  const all = [...logTypes, ...invented];
  const offers = (cloud: CloudId, logType: LogType): boolean => {
    const known = knownClouds.includes(cloud);
    const isInvented = invented.includes(logType);
    return known && !isInvented ? logType.clouds.includes(cloud) : known ? cloudById(cloud).api === 'graph' : true;
  };
  return [...knownClouds, ...inventedClouds].flatMap((cloud) =>
    all.filter((logType) => offers(cloud, logType)).map((logType) => ({ logType, cloud })),
  );
}

/** Of the log type with the longest id, so that its names are as long as names get. */
function inventedLogType(index: number): LogType {
  const [longest] = [...logTypes].sort((a, b) => b.id.length - a.id.length);
  if (!longest) throw new Error('the catalog is empty');
  return { ...longest, id: `${longest.id}-${String(index)}` };
}

/** Every table there is, and those of the next log types: of each a raw dataset and a normalized one, as large as the largest of today. */
function grownTables(): CompactedTable[] {
  const largest = [rawDatasets, knownDatasets.map(({ name }) => name)].map(largestOf);
  const invented = Array.from({ length: moreLogTypes }, (_, index) => largest.map((table) => renamed(table, `_${String(index)}`)));
  return [...compactedTables, ...invented.flat()];
}

function largestOf(datasets: readonly string[]): CompactedTable {
  const [largest] = compactedTables
    .filter(({ dataset }) => datasets.includes(dataset))
    .sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
  if (!largest) throw new Error('the catalog is empty');
  return largest;
}

function renamed(table: CompactedTable, end: string): CompactedTable {
  const { dataset, landed, compacted, again, view } = table;
  const names = { dataset: `${dataset}${end}`, landed: `${landed}${end}`, compacted: `${compacted}${end}`, view: `${view}${end}` };
  return { ...table, ...names, ...(again !== undefined && { again: `${again}${end}` }) };
}

const { app, settings, code } = makeApp(everything);
const tables = grownTables();
const stack = new AuditLakeStack(app, 'Grown', {
  settings: { ...settings, streams: grownStreams(), clouds: [...knownClouds, ...inventedClouds] },
  code,
  tables,
});
const { templates, resources } = deploymentOf(app, stack);

test('every table of the next log types is in the templates, with its view', () => {
  const names = Object.values(resources('AWS::Glue::Table')).map(({ Properties }) => (Properties.TableInput as { Name: string }).Name);
  expect(names).toEqual(expect.arrayContaining(tables.flatMap(({ landed, view }) => [landed, view])));
  expect(tables.length).toBe(compactedTables.length + 2 * moreLogTypes);
});

test('there is a stack for the lists of each cloud, one of saved queries, one of compaction, one of notifications, one of manifests, and the one around them', () => {
  expect(Object.keys(templates)).toHaveLength(1 + 1 + 1 + 1 + 1 + knownClouds.length + moreClouds);
});

describe.each(Object.entries(templates))('%s takes four more log types and two more clouds', (_path, template) => {
  test(`has fewer than ${String(limits.resources)} resources`, () => {
    expect(Object.keys(template.Resources).length).toBeLessThan(limits.resources);
  });

  test('is smaller than a megabyte', () => {
    expect(Buffer.byteLength(JSON.stringify(template))).toBeLessThan(limits.bytes);
  });

  test(`has fewer than ${String(limits.parameters)} parameters and outputs`, () => {
    expect(Object.keys(template.Parameters ?? {}).length).toBeLessThan(limits.parameters);
    expect(Object.keys(template.Outputs ?? {}).length).toBeLessThan(limits.outputs);
  });
});

test('what compaction may not write are the tables over landed objects, and no view', () => {
  const denied = landedTables.map((pattern) => pattern.replace('*', ''));
  const isDenied = (name: string): boolean => denied.some((end) => name.endsWith(end));
  expect(compactedTables.filter(({ landed }) => !isDenied(landed))).toEqual([]);
  expect(compactedTables.filter(({ view, compacted }) => isDenied(view) || isDenied(compacted))).toEqual([]);
});

test('no policy is longer than IAM takes of a managed one', () => {
  const policies = Object.entries(resources('AWS::IAM::ManagedPolicy'));
  const tooLong = policies.filter(([, { Properties }]) => charactersOf(Properties.PolicyDocument) > policyCharacters);
  expect(tooLong.map(([id]) => id)).toEqual([]);
});

/** With names in the place of references that are as long as names get. */
function charactersOf(document: unknown): number {
  const named: Record<string, string> = {
    'AWS::Partition': 'aws-us-gov',
    'AWS::Region': 'ap-northeast-1',
    'AWS::AccountId': '0'.repeat(12),
  };
  const text = JSON.stringify(document, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('Ref' in value) return named[String(value.Ref)] ?? 'r'.repeat(110);
    if ('Fn::GetAtt' in value) return 'r'.repeat(110);
    return value;
  });
  return text.replaceAll(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, (_join, parts: string) => `"${parts.replaceAll('","', '').slice(1, -1)}"`)
    .length;
}

test('no widget of the dashboard shows more than 100 alarms, which is as many as CloudWatch takes', () => {
  const [dashboard] = Object.values(templates).flatMap(({ Resources }) =>
    Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard'),
  );
  const body = dashboard?.Properties.DashboardBody as { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
  const text = body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'TOKEN')).join('');
  const { widgets } = JSON.parse(text) as { readonly widgets: readonly { readonly properties: { readonly alarms?: readonly string[] } }[] };
  const counts = widgets.flatMap(({ properties }) => (properties.alarms ? [properties.alarms.length] : []));
  expect(counts).toHaveLength(1 + knownClouds.length + moreClouds);
  expect(Math.max(...counts)).toBeLessThanOrEqual(100);
});
