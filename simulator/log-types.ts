/**
 * What Microsoft serves, seen from Microsoft's side. Deliberately not the product's own catalog: an oracle that shares the
 * table of what it judges repeats its mistakes.
 */

export interface ContentLogType {
  readonly kind: 'content';
  readonly id: string;
  readonly contentType: string;
}

export type GraphPath = 'auditLogs/signIns' | 'auditLogs/directoryAudits' | 'security/alerts_v2' | 'security/alerts';

export interface GraphLogType {
  readonly kind: 'graph';
  readonly id: string;
  readonly path: GraphPath;
  /** The field that windows are filtered on. */
  readonly timeField: string;
  /** Of sign-ins: the value in `signInEventTypes`. */
  readonly eventType?: string;
}

export type SimulatedLogType = ContentLogType | GraphLogType;

const content = (id: string, contentType: string): ContentLogType => ({ kind: 'content', id, contentType });
const signIns = (id: string, eventType: string): GraphLogType => ({
  kind: 'graph',
  id,
  path: 'auditLogs/signIns',
  timeField: 'createdDateTime',
  eventType,
});
const graph = (id: string, path: GraphPath, timeField: string): GraphLogType => ({ kind: 'graph', id, path, timeField });

export const simulatedLogTypes: readonly SimulatedLogType[] = [
  content('audit-azure-active-directory', 'Audit.AzureActiveDirectory'),
  content('audit-exchange', 'Audit.Exchange'),
  content('audit-sharepoint', 'Audit.SharePoint'),
  content('audit-general', 'Audit.General'),
  content('dlp-all', 'DLP.All'),
  signIns('sign-ins-interactive', 'interactiveUser'),
  signIns('sign-ins-non-interactive', 'nonInteractiveUser'),
  signIns('sign-ins-service-principal', 'servicePrincipal'),
  signIns('sign-ins-managed-identity', 'managedIdentity'),
  graph('directory-audits', 'auditLogs/directoryAudits', 'activityDateTime'),
  graph('alerts', 'security/alerts_v2', 'lastUpdateDateTime'),
  graph('alerts-legacy', 'security/alerts', 'lastModifiedDateTime'),
];

const byId = new Map(simulatedLogTypes.map((logType) => [logType.id, logType]));

/** @throws When nobody simulates it. */
export function simulatedLogType(id: string): SimulatedLogType {
  const logType = byId.get(id);
  if (!logType) throw new Error(`the simulator has no log type '${id}'; it has ${[...byId.keys()].join(', ')}`);
  return logType;
}

export function logTypeOfContentType(contentType: string): ContentLogType | undefined {
  return simulatedLogTypes.find((logType): logType is ContentLogType => logType.kind === 'content' && logType.contentType === contentType);
}

export function graphLogTypesOf(path: GraphPath): readonly GraphLogType[] {
  return simulatedLogTypes.filter((logType): logType is GraphLogType => logType.kind === 'graph' && logType.path === path);
}
