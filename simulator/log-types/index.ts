/** Every log type that is simulated. A new one is a file beside this one and a line in {@link simulatedLogTypes}. */

import { alerts } from './alerts.ts';
import { alertsLegacy } from './alerts-legacy.ts';
import { auditAzureActiveDirectory } from './audit-azure-active-directory.ts';
import { auditExchange } from './audit-exchange.ts';
import { auditGeneral } from './audit-general.ts';
import { auditSharePoint } from './audit-sharepoint.ts';
import { directoryAudits } from './directory-audits.ts';
import { dlpAll } from './dlp-all.ts';
import type { ContentLogType, GraphCollection, GraphLogType, SimulatedLogType } from './log-type.ts';
import { riskDetections } from './risk-detections.ts';
import { signInsInteractive } from './sign-ins-interactive.ts';
import { signInsManagedIdentity } from './sign-ins-managed-identity.ts';
import { signInsNonInteractive } from './sign-ins-non-interactive.ts';
import { signInsServicePrincipal } from './sign-ins-service-principal.ts';

/** All of them, content types first. */
export const simulatedLogTypes: readonly SimulatedLogType[] = [
  auditAzureActiveDirectory,
  auditExchange,
  auditSharePoint,
  auditGeneral,
  dlpAll,
  signInsInteractive,
  signInsNonInteractive,
  signInsServicePrincipal,
  signInsManagedIdentity,
  directoryAudits,
  riskDetections,
  alerts,
  alertsLegacy,
];

const byId = new Map(simulatedLogTypes.map((logType) => [logType.id, logType]));
const graphLogTypes = simulatedLogTypes.filter((logType): logType is GraphLogType => logType.kind === 'graph');

/** The collections of Graph that are simulated, each once. */
export const graphCollections: readonly GraphCollection[] = [...new Set(graphLogTypes.map(({ collection }) => collection))];

/** @throws When it is not simulated. */
export function simulatedLogType(id: string): SimulatedLogType {
  const logType = byId.get(id);
  if (!logType) throw new Error(`the simulator has no log type '${id}'; it has ${[...byId.keys()].join(', ')}`);
  return logType;
}

/** The log type of a content type such as `Audit.Exchange`, spelt exactly so. */
export function logTypeOfContentType(contentType: string): ContentLogType | undefined {
  return simulatedLogTypes.find((logType): logType is ContentLogType => logType.kind === 'content' && logType.contentType === contentType);
}

/** The log types whose rows a collection holds: of sign-ins four, else one. */
export function graphLogTypesOf(collection: GraphCollection): readonly GraphLogType[] {
  return graphLogTypes.filter((logType) => logType.collection === collection);
}
