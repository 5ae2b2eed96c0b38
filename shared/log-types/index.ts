/** THE catalog: every log type, in the order people read them. */

import { unknownWord } from '../domain/nearest.ts';
import { alertsLegacy } from './alerts-legacy.ts';
import { alerts } from './alerts.ts';
import { auditAzureActiveDirectory } from './audit-azure-active-directory.ts';
import { auditExchange } from './audit-exchange.ts';
import { auditGeneral } from './audit-general.ts';
import { auditSharepoint } from './audit-sharepoint.ts';
import { directoryAudits } from './directory-audits.ts';
import { dlpAll } from './dlp-all.ts';
import type { LogType } from './log-type.ts';
import { riskDetections } from './risk-detections.ts';
import { signInsInteractive } from './sign-ins-interactive.ts';
import { signInsManagedIdentity } from './sign-ins-managed-identity.ts';
import { signInsNonInteractive } from './sign-ins-non-interactive.ts';
import { signInsServicePrincipal } from './sign-ins-service-principal.ts';

const catalog = [
  auditAzureActiveDirectory,
  auditExchange,
  auditSharepoint,
  dlpAll,
  auditGeneral,
  signInsInteractive,
  signInsNonInteractive,
  signInsServicePrincipal,
  signInsManagedIdentity,
  directoryAudits,
  riskDetections,
  alerts,
  alertsLegacy,
] as const;

/** The id of a log type of the catalog. A map that is keyed by it is a Record, so that a log type that is added cannot be forgotten there. */
export type LogTypeId = (typeof catalog)[number]['id'];

/** The name of a `_raw` dataset. */
export type RawDatasetName = (typeof catalog)[number]['dataset'];

/** A log type of the catalog. */
export type CatalogLogType = LogType<LogTypeId, RawDatasetName>;

/** In the order that docs, help and dashboards list them. */
export const logTypes: readonly CatalogLogType[] = catalog;

const logTypesById = new Map<string, CatalogLogType>(logTypes.map((logType) => [logType.id, logType]));

/** @throws When no log type has this id; the message names the nearest one. */
export function logTypeById(id: string): CatalogLogType {
  const logType = logTypesById.get(id);
  if (!logType) throw new Error(unknownWord('log type', id, [...logTypesById.keys()]));
  return logType;
}

/** Whether the catalog has a log type of this id. */
export function isLogTypeId(id: string): id is LogTypeId {
  return logTypesById.has(id);
}

/** The names of the `_raw` datasets, each once, in the catalog's order. */
export const rawDatasets: readonly RawDatasetName[] = [...new Set(logTypes.map((logType) => logType.dataset))];

/** The log types that land in one raw dataset, in the catalog's order; empty for an unknown dataset. */
export function logTypesOfDataset(dataset: string): CatalogLogType[] {
  return logTypes.filter((logType) => logType.dataset === dataset);
}
