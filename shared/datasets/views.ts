/** Every view of the lake: beside each `_raw` dataset one row a record, and one flat view over everything. */

import type { DatasetType } from '../domain/columns.ts';
import { activityColumns, activitySelect, viewSelect, type RowsKept } from '../domain/views.ts';
import { rawDatasets } from '../log-types/index.ts';
import { findingColumns, findingsDataset, findingsSelect, findingsView } from './findings.ts';
import { ocsfFindingColumns, ocsfFindingsSelect, ocsfFindingsView } from './ocsf/findings-as-events.ts';
import { landingDateColumn, rawDataset, type RawDataset } from '../log-types/raw-dataset.ts';

/** A view of the lake, for DuckDB and Athena. */
export interface View {
  readonly name: string;
  /** What a row is, in one line. */
  readonly meaning: string;
  /** In the order and with the types that the select gives. */
  readonly columns: readonly ViewColumn[];
  /** SQL that DuckDB and Athena read alike. */
  readonly select: string;
  /** Names of the tables and views that it reads; they come before it. */
  readonly reads: readonly string[];
  /** Ids of the log types whose records it has. */
  readonly logTypes: readonly string[];
}

/** A column of a view. */
export interface ViewColumn {
  readonly name: string;
  /** `date` is the landing date's. */
  readonly type: DatasetType | 'date';
  readonly meaning: string;
  readonly example: string;
  /** What it is made of, where it is no column of the `_raw` dataset. */
  readonly source?: string;
}

/** The partition column as one of a view's. */
export const landingDate: ViewColumn = { ...landingDateColumn, type: 'date' };

/** What the view beside a `_raw` dataset has a row for. */
export function rowsKept(keeps: RowsKept): string {
  if (keeps.kind === 'one per record key') return 'one row per record key and tenant, the first that landed';
  const by = keeps.timeColumn === undefined ? 'the one that landed last' : `by ${keeps.timeColumn}, then the one that landed last`;
  return `the newest version per record_id, event_time and tenant, ${by}`;
}

function rowPerRecord({ name, view, columns, keeps, logTypes }: RawDataset): View {
  const all = [...columns, landingDate];
  return {
    name: view,
    meaning: `of ${name}, ${rowsKept(keeps)}`,
    columns: all,
    select: viewSelect({ table: name, columns: all.map((column) => column.name), keeps }),
    reads: [name],
    logTypes: logTypes.map(({ id }) => id),
  };
}

/** The view over everything. */
export const activityView = 'm365_activity';

const activityMeanings: Readonly<Record<keyof typeof activityColumns, readonly [meaning: string, example: string]>> = {
  event_time: ['When it happened (UTC)', '2026-11-20 09:14:03+00'],
  tenant: ["The tenant's name in this deployment", 'contoso'],
  source: ['Microsoft service that reports it', 'Exchange'],
  activity: ['What was done', 'New-InboxRule'],
  actor: ['Who did it: user principal name, else an id', 'megan@contoso.example'],
  source_ip: ['Address it was done from', '203.0.113.24'],
  target: ['What it was done to: a name, else an id', 'Forecast 2027.xlsx'],
  outcome: ['success, failure or unknown', 'success'],
  record_id: ['Id of the record', '0a6f3c52-2f4e-4b7d-9a51-08de2a1b7c11'],
  record_key: ['Key of the record, as in the raw row', '3f1c2a9d5b7e4c60a8d1e2f394b5c6d7'],
  tenant_id: ['GUID of the Microsoft tenant', '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'],
  log_type: ['Log type the record was collected as', 'audit-exchange'],
  dt: [landingDateColumn.meaning, landingDateColumn.example],
};

function activity(datasets: readonly RawDataset[]): View {
  const columns = Object.entries(activityMeanings).map(([name, [meaning, example]]): ViewColumn => {
    const type = name === 'event_time' ? 'time' : name === 'dt' ? 'date' : 'text';
    return { name, type, meaning, example, source: activityColumns[name as keyof typeof activityColumns].join(', else ') };
  });
  const dataset: ViewColumn = {
    name: 'dataset',
    type: 'text',
    meaning: 'Raw dataset that has the whole record',
    example: 'msft_o365_exchange_online_raw',
    source: "the dataset's name",
  };
  return {
    name: activityView,
    meaning: 'everything, one row a record: when, who, from where, what, to what, and how it ended',
    columns: [dataset, ...columns],
    select: activitySelect(datasets.map(({ name, view }) => ({ dataset: name, view }))),
    reads: datasets.map(({ view }) => view),
    logTypes: datasets.flatMap(({ logTypes }) => logTypes.map(({ id }) => id)),
  };
}

const datasets = rawDatasets.map(rawDataset);

/** Every view, each after what it reads. */
export const views: readonly View[] = [...datasets.map(rowPerRecord), activity(datasets)];

/** One row a finding, with the state that people gave it last. Where rules are evaluated. */
export const findings: View = {
  name: findingsView,
  meaning: 'one row a finding, with the state that people gave it last',
  columns: Object.entries(findingColumns).map(([name, column]) => ({ name, ...column, source: findingsDataset })),
  select: findingsSelect(),
  reads: [findingsDataset],
  logTypes: [],
};

/** The same as events of OCSF class 2004. Its select is DuckDB's; Athena's is `ocsfFindingsPrestoSelect`. */
export const ocsfFindings: View = {
  name: ocsfFindingsView,
  meaning: 'findings as events of OCSF class 2004, with what people made of them; also where no other OCSF dataset is chosen',
  columns: ocsfFindingColumns,
  select: ocsfFindingsSelect(),
  reads: [findingsView],
  logTypes: [],
};
