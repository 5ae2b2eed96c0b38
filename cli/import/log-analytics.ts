/** Rows of Log Analytics (Sentinel): records whose names were changed, given their names back. */

import { recordTypeNames } from '../../shared/log-types/record-types.ts';
import type { JsonObject } from '../../shared/log-types/recognition.ts';
import type { Content } from './content.ts';

/** How the rows of some tables are known, and what their columns are called by Microsoft's APIs. */
interface Table {
  /** The page this was written from. */
  readonly reference: string;
  readonly holds: (row: JsonObject) => boolean;
  /** Column to field; what is not named here follows `rename`. */
  readonly names: Readonly<Record<string, string>>;
  readonly rename: (column: string) => string;
  /** The column that names the tenant. */
  readonly organization: string;
  /** Values that the table writes in another way than the record. */
  readonly values: Readonly<Record<string, (value: unknown) => unknown>>;
}

const lowerFirst = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);

const recordTypeNumbers = new Map(Object.entries(recordTypeNames).map(([number, name]) => [name.toLowerCase(), Number(number)]));

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#enum-user-type---type-edmint32 */
const userTypes = [
  'regular',
  'reserved',
  'admin',
  'dcadmin',
  'system',
  'application',
  'serviceprincipal',
  'custompolicy',
  'systempolicy',
  'partnertechnician',
  'guest',
];

const numberOf = (known: (name: string) => number | undefined) => (value: unknown) =>
  typeof value === 'string' ? (known(value.toLowerCase()) ?? value) : value;

const tables: readonly Table[] = [
  {
    reference: 'https://learn.microsoft.com/azure/azure-monitor/reference/tables/officeactivity',
    holds: ({ OfficeWorkload, OfficeId, Operation }) => hasValue(Operation) && (hasValue(OfficeWorkload) || hasValue(OfficeId)),
    names: { TimeGenerated: 'CreationTime', OfficeId: 'Id', OfficeWorkload: 'Workload', OfficeObjectId: 'ObjectId' },
    rename: (column) => column,
    organization: 'OrganizationId',
    values: {
      RecordType: numberOf((name) => recordTypeNumbers.get(name)),
      UserType: numberOf((name) => (userTypes.includes(name) ? userTypes.indexOf(name) : undefined)),
    },
  },
  {
    reference: 'https://learn.microsoft.com/azure/azure-monitor/reference/tables/signinlogs',
    holds: ({ CreatedDateTime, UserPrincipalName, ServicePrincipalId, AppId, AppDisplayName }) =>
      hasValue(CreatedDateTime) && [UserPrincipalName, ServicePrincipalId, AppId, AppDisplayName].some(hasValue),
    names: {
      IPAddress: 'ipAddress',
      LocationDetails: 'location',
      ConditionalAccessPolicies: 'appliedConditionalAccessPolicies',
      RiskEventTypes_V2: 'riskEventTypes_v2',
    },
    rename: lowerFirst,
    organization: 'AADTenantId',
    values: {},
  },
  {
    reference: 'https://learn.microsoft.com/azure/azure-monitor/reference/tables/auditlogs',
    holds: ({ ActivityDateTime, ActivityDisplayName, InitiatedBy, TargetResources }) =>
      hasValue(ActivityDateTime) && [ActivityDisplayName, InitiatedBy, TargetResources].some(hasValue),
    names: { AADOperationType: 'operationType' },
    rename: lowerFirst,
    organization: 'AADTenantId',
    values: {},
  },
  {
    reference: 'https://learn.microsoft.com/azure/azure-monitor/reference/tables/aaduserriskevents',
    holds: ({ RiskEventType, DetectedDateTime, ActivityDateTime }) =>
      hasValue(RiskEventType) && (hasValue(DetectedDateTime) || hasValue(ActivityDateTime)),
    names: {},
    rename: lowerFirst,
    organization: 'AADTenantId',
    values: {},
  },
];

/** Columns that the workspace adds, and that say nothing of the record; `TenantId` is the workspace's. */
const ofWorkspace = [
  'TenantId',
  'SourceSystem',
  'MG',
  'ManagementGroupName',
  'Computer',
  'TableName',
  '_ResourceId',
  '_ItemId',
  'AdditionalProperties',
  'Type',
  'AADTenantId',
];

/** Whether an object is a row of a table that is known here. */
export function isTableRow(row: JsonObject): boolean {
  return tables.some(({ holds }) => holds(row));
}

/** The record that a row was made of, in its own names. JSON in texts becomes JSON where the API has objects and lists. */
export function recordOfRow(row: JsonObject): Content {
  const table = tables.find(({ holds }) => holds(row));
  if (!table) throw new Error('the row is of no table that is known');
  const fields = Object.entries(row)
    .filter(([column, value]) => !ofWorkspace.includes(column) && hasValue(value))
    .map(([column, value]) => [table.names[column] ?? table.rename(column), (table.values[column] ?? jsonIn)(value)] as const);
  const kind = row.Type ?? row.Category;
  return {
    text: JSON.stringify(Object.fromEntries(fields)),
    ...(typeof kind === 'string' ? { elsewhere: kind } : {}),
    organization: row[table.organization],
  };
}

/** Rows of the answers of the query API, as objects. */
export function rowsOfAnswer(answers: readonly unknown[]): JsonObject[] {
  return answers.flatMap((table) => {
    const { columns, rows } = table as { columns?: unknown; rows?: unknown };
    if (!Array.isArray(columns) || !Array.isArray(rows)) return [];
    const names = columns.map((column) => String((column as { name?: unknown } | null)?.name));
    return rows.map((row) =>
      Object.fromEntries(names.map((name, index) => [name, Array.isArray(row) ? (row[index] as unknown) : undefined])),
    );
  });
}

function jsonIn(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const date = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(value)?.[1];
  if (date !== undefined) return new Date(Number(date)).toISOString();
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

const hasValue = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
