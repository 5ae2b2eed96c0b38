/** The dataset of findings: what rules found, one row each time that an object showed it, and what people made of it. */

import type { DatasetType } from '../domain/columns.ts';

/** A column of findings. */
export interface FindingColumn {
  readonly type: DatasetType;
  readonly meaning: string;
  readonly example: string;
}

const column = (type: DatasetType, meaning: string, example: string): FindingColumn => ({ type, meaning, example });

/** In the order they stand in the dataset. */
export const findingColumns = {
  finding_id: column('text', 'Id of the finding: of rule, version, tenant and key', '9b1d4b3a8f0e7d6c5b4a39212c8a4f5e'),
  event_time: column('time', 'When the last of its events happened', '2026-11-20 09:14:03+00'),
  first_time: column('time', 'When the first of its events happened', '2026-11-20 09:05:12+00'),
  title: column('text', 'What was found', 'One address fails with the passwords of many users'),
  level: column('text', 'informational, low, medium, high or critical', 'high'),
  state: column('text', 'new, superseded, acknowledged, closed; error: the rule failed', 'new'),
  because: column('text', 'Why it has that state', 'a penetration test of ours'),
  set_by: column('text', 'Who set that state', 'ada'),
  kind: column('text', 'single, window, sequence, first-seen, travel, indicator or absence', 'window'),
  rule_id: column('text', 'Id of the rule', '0c3b6d7e-51f0-4f0f-8a54-2b8f6d0a9e03'),
  rule_version: column('text', 'Of what the rule asked', '4f555edf00d7'),
  attack: column('texts', 'ATT&CK techniques', '["T1110.003"]'),
  tenant_id: column('text', 'GUID of the Microsoft tenant', '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'),
  tenant_name: column('text', "The tenant's name in this deployment", 'contoso'),
  cloud: column('text', "Microsoft's cloud, an id of the cloud table", 'global'),
  group_values: column('map', 'What it is grouped by', '{"source_ip": "203.0.113.7"}'),
  count: column('long', 'Events, different values, a sum, or km per hour', '14'),
  record_keys: column(
    'texts',
    'Records it was made of, at most 100: ids where records have versions, else record keys',
    '["66ea54eb-6301-4ee5-be62-ff5a759b0100"]',
  ),
  datasets: column('texts', 'Raw datasets that have those records', '["msft_azure_ad_raw"]'),
  evidence: column('json', 'What there is to see at once', '{"actor_upn": "megan@contoso.example"}'),
  query: column('text', 'SQL that selects those records', "SELECT * FROM msft_azure_ad WHERE record_id IN ('66ea54eb-...')"),
  is_incomplete: column('boolean', 'Whether records of that time are known to be missing', 'false'),
  quiet_because: column('text', 'Why nobody was notified; NULL where somebody was', 'learning'),
  finding_key: column('json', 'What distinguishes it from other findings of the rule', '["[\\"203.0.113.7\\"]", "1795252443118"]'),
  found_at: column('time', 'When it was found', '2026-11-20 09:19:41+00'),
  object: column(
    'text',
    'The raw object whose landing showed it; NULL for what people set',
    'raw/msft_azure_ad_raw/dt=2026-11-20/hr=09/4f0c9e7a1b2d3c4e5f60718293a4b5c6.parquet',
  ),
} as const satisfies Readonly<Record<string, FindingColumn>>;

/** The name of a column. */
export type FindingColumnName = keyof typeof findingColumns;

/** The dataset's name; its view beside it is `findings`. */
export const findingsDataset = 'findings_raw';
/** One row a finding. */
export const findingsView = 'findings';

/**
 * One row a finding, in SQL that DuckDB and Athena read alike: what it is from the row that saw most of it, its state from what people set
 * last, else from what supersedes it.
 */
export function findingsSelect(): string {
  const names: readonly FindingColumnName[] = Object.keys(findingColumns) as FindingColumnName[];
  const own = names.map((name) => {
    if (name === 'state' || name === 'because' || name === 'set_by') return `coalesce(last_${name}, ${name}) AS ${name}`;
    return name === 'found_at' ? 'first_found_at AS found_at' : name;
  });
  const people = `CASE WHEN state NOT IN ('new', 'error') THEN found_at END`;
  const last = (name: string): string => `max_by(${name}, ${people}) OVER (PARTITION BY finding_id) AS last_${name}`;
  return `SELECT ${own.join(', ')}
FROM (
  SELECT ${names.join(', ')}, ${['state', 'because', 'set_by'].map(last).join(', ')},
    min(found_at) OVER (PARTITION BY finding_id) AS first_found_at,
    row_number() OVER (PARTITION BY finding_id ORDER BY CASE WHEN state IN ('new', 'error') THEN 0 ELSE 1 END, count DESC, found_at, object) AS row_of_group
  FROM ${findingsDataset}
) grouped
WHERE row_of_group = 1 AND (state IN ('new', 'error'))`;
}

/** The same for Athena, whose views give times in microseconds, whatever its tables hold. */
export function findingsPrestoSelect(): string {
  const columns = Object.entries<FindingColumn>(findingColumns).map(([name, { type }]) =>
    type === 'time' ? `CAST(${name} AS timestamp(6)) AS ${name}` : name,
  );
  return `SELECT ${columns.join(', ')}\nFROM (\n${findingsSelect()}\n) findings`;
}
