/** What a log type must declare. One file per log type has all of it; landing, tables, docs, schedules and checks follow. */

import type { CloudId } from '../clouds.ts';
import type { Columns } from '../domain/columns.ts';
import type { Instant } from '../domain/window.ts';
import type { Recognition } from './recognition.ts';

/** Content blobs of the Management Activity API. */
export interface ContentSource {
  readonly kind: 'content';
  readonly contentType: string;
}

/** Windows of a Graph collection. */
export interface WindowSource {
  readonly kind: 'windows';
  /** `/v1.0/auditLogs/signIns` */
  readonly path: string;
  /** Used instead of `path` for a tenant that also collects one of `logTypes`: the API that knows all kinds. */
  readonly beta?: { readonly path: string; readonly whenAlso: readonly string[] };
  /** The JSON field that windows are filtered on. */
  readonly timeField: string;
  /** The column that holds it. */
  readonly timeColumn: string;
  /** A further clause, joined with `and`, for the beta path where there is one. */
  readonly filter?: string;
  /** Log types of one throttle share Microsoft's limit per app and tenant. */
  readonly throttle: 'reporting' | 'security' | 'identity-protection';
  /** Distance from a window's end to its passes after the first, in ms. */
  readonly laterPassesMs: readonly number[];
}

/** Everything the product knows of one log type. */
export interface LogType<Id extends string = string, Dataset extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** The page the entry was written from. */
  readonly reference: string;
  readonly source: ContentSource | WindowSource;
  /** Application permissions; all are needed unless marked. */
  readonly permissions: readonly Permission[];
  /** Wait this long after a window's end before reading it. */
  readonly latencyMs: number;
  /** How far back Microsoft serves. */
  readonly retentionMs: number;
  readonly clouds: readonly CloudId[];
  readonly isOfferedInFedramp: boolean;
  readonly dataset: Dataset;
  readonly vendor: string;
  readonly product: string;
  /** Names of the typed columns that make two records the same; or `every typed column`: all that stands at the places these read. */
  readonly identity: readonly string[] | 'every typed column';
  readonly columns: Columns;
  /** How its records are known where no request of ours says it: `lake import` routes by this. */
  readonly recognize: Recognition;
  /** The tenant's licence without which Microsoft refuses it. */
  readonly licence?: string;
  /** Since when Microsoft serves nothing (reliably) any more, and the id of the log type to move to. */
  readonly retired?: { readonly at: Instant; readonly replacement: string };
  /** Printed once when the log type is chosen. */
  readonly warning?: string;
}

/** An application permission of Microsoft's API, by the name that a token's `roles` claim has. */
export interface Permission {
  readonly name: string;
  readonly why?: string;
  readonly isOptional?: boolean;
  /** Any of these does as well. */
  readonly satisfiedBy?: readonly string[];
}

/** The declaration as it is; its id and dataset become part of the catalog's unions (LogTypeId, RawDatasetName). */
export function logType<const Id extends string, const Dataset extends string>(declared: LogType<Id, Dataset>): LogType<Id, Dataset> {
  return declared;
}
