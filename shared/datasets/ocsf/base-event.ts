/** The attributes of every OCSF event, whatever its class. */

import { logTypeById, type LogTypeId } from '../../log-types/index.ts';
import { rawRow } from '../normalized-dataset.ts';
import type { NormalizedColumns } from '../normalized-dataset.ts';
import { activityId } from './class-choice.ts';
import {
  boolean,
  captioned,
  constant,
  double,
  listOf,
  long,
  mailAddress,
  millis,
  object,
  text,
  texts,
  translated,
  type Field,
  type Fields,
} from './fields.ts';

/** The version of the schema that all classes are of. */
export const ocsfVersion = '1.8.0';

/** A class of OCSF, by its numbers and names. */
export interface OcsfClass {
  readonly uid: number;
  readonly name: string;
  readonly categoryUid: number;
  readonly categoryName: string;
  /** Captions of its activities, by activity_id. */
  readonly activities: Readonly<Record<number, string>>;
}

/** Columns that are the lake's own and no attribute of OCSF: they find the raw row, and are what people filter on. */
export const lakeColumns: NormalizedColumns = {
  event_time: {
    type: 'time',
    meaning: 'When it happened (UTC); time is the same as OCSF counts it',
    example: '2026-11-20 09:14:03+00',
    sql: 'event_time',
  },
  tenant_name: { type: 'text', meaning: "The tenant's name in this deployment", example: 'contoso', sql: 'tenant_name' },
  log_type: { type: 'text', meaning: 'Log type the record was collected as', example: 'audit-exchange', sql: 'log_type' },
  ...rawRow,
};

const statuses = { 0: 'Unknown', 1: 'Success', 2: 'Failure' };
/** Who reports it, as OCSF's product. */
const products: Readonly<Record<LogTypeId, string>> = {
  'audit-azure-active-directory': 'Microsoft Entra ID',
  'audit-exchange': 'Exchange Online',
  'audit-sharepoint': 'SharePoint Online',
  'dlp-all': 'Microsoft Purview Data Loss Prevention',
  'audit-general': 'Microsoft 365',
  alerts: 'Microsoft Defender XDR',
  'alerts-legacy': 'Microsoft Graph Security',
  'sign-ins-interactive': 'Microsoft Entra ID',
  'sign-ins-non-interactive': 'Microsoft Entra ID',
  'sign-ins-service-principal': 'Microsoft Entra ID',
  'sign-ins-managed-identity': 'Microsoft Entra ID',
  'directory-audits': 'Microsoft Entra ID',
  'risk-detections': 'Microsoft Entra ID Protection',
};

/** The attributes of the base event, in OCSF's names. */
export function baseEvent(ocsf: OcsfClass, logTypeId: LogTypeId): Fields {
  const activity = captioned(activityId, ocsf.activities);
  const status = captioned(`CASE outcome WHEN 'success' THEN 1 WHEN 'failure' THEN 2 ELSE 0 END`, statuses);
  return {
    class_uid: long(String(ocsf.uid)),
    class_name: constant(ocsf.name),
    category_uid: long(String(ocsf.categoryUid)),
    category_name: constant(ocsf.categoryName),
    activity_id: activity.id,
    activity_name: activity.caption,
    type_uid: long(`${String(ocsf.uid * 100)} + ${activity.id.sql}`),
    type_name: text(`${constant(`${ocsf.name}: `).sql} || ${activity.caption.sql}`),
    time: millis('event_time'),
    severity_id: long('1'),
    severity: constant('Informational'),
    status_id: status.id,
    status: status.caption,
    status_code: text('result_code'),
    message: text('operation'),
    metadata: metadata(logTypeId),
    cloud: cloud(),
  };
}

function metadata(logTypeId: LogTypeId): Field {
  // Alerts are tied together by their incident, everything else by its request.
  const correlated =
    'incident_id' in logTypeById(logTypeId).columns && !('correlation_id' in logTypeById(logTypeId).columns)
      ? 'incident_id'
      : 'correlation_id';
  return object({
    uid: text('record_id'),
    version: constant(ocsfVersion),
    profiles: texts(`['cloud', 'host']`),
    product: object({ name: constant(products[logTypeId]), vendor_name: constant('Microsoft') }),
    log_name: text('log_type'),
    log_provider: text('service'),
    event_code: text('operation'),
    correlation_uid: text(correlated),
    tenant_uid: text('tenant_id'),
    logged_time: millis('landed_at'),
  });
}

const cloud = (): Field =>
  object({
    provider: constant('Microsoft'),
    cloud_partition: text('cloud'),
    org: object({ uid: text('tenant_id'), name: text('tenant_name') }),
  });

const userTypes = { 0: 'Unknown', 1: 'User', 2: 'Admin', 3: 'System', 4: 'Service' };
const userTypeId = `CASE WHEN actor_type IN ('user', 'member', 'guest') THEN 1 WHEN actor_type IN ('admin', 'datacenter-admin') THEN 2
  WHEN actor_type IN ('system', 'system-policy') THEN 3 WHEN actor_type IN ('application', 'service-principal', 'managed-identity') THEN 4 ELSE 0 END`;

/** Who acted, as OCSF's user. */
export const actingUser = (): Field => {
  const type = captioned(userTypeId, userTypes);
  return object(
    { name: text('actor_upn'), uid: text('actor_id'), email_addr: text(mailAddress('actor_upn')), type_id: type.id, type: type.caption },
    ['name', 'uid'],
  );
};

/** @param session SQL of the session's id, where the log type knows one. */
export const actor = (session?: string): Field =>
  object({
    user: actingUser(),
    app_name: text('app_name'),
    app_uid: text('app_id'),
    ...(session === undefined ? {} : { session: object({ uid: text(session) }) }),
  });

/** Where it was done from. */
export const sourceEndpoint = (): Field => object({ ip: text('source_ip'), port: long('source_port') }, ['ip']);

/** The same, with the place that Graph gives. */
export const locatedEndpoint = (): Field =>
  object(
    {
      ip: text('source_ip'),
      port: long('source_port'),
      location: object(
        { city: text('city'), region: text('state'), country: text('country'), lat: double('latitude'), long: double('longitude') },
        ['city', 'region', 'country'],
      ),
      autonomous_system: object({ number: long('autonomous_system_number') }),
    },
    ['ip'],
  );

/** The client, as OCSF's http_request. */
export const userAgent = (): Field => object({ user_agent: text('user_agent') });

/** A device of which an id or name is known. */
export const device = (fields: {
  readonly uid: string;
  readonly name: string;
  readonly isManaged?: string;
  readonly isCompliant?: string;
}): Field =>
  object(
    {
      uid: text(fields.uid),
      hostname: text(fields.name),
      type_id: long('0'),
      type: constant('Unknown'),
      is_managed: boolean(fields.isManaged ?? 'NULL'),
      is_compliant: boolean(fields.isCompliant ?? 'NULL'),
    },
    ['uid', 'hostname'],
  );

/** Values of the event that people look for, with the attribute they stand in. */
export function observables(
  ...values: readonly (readonly [attribute: string, typeId: keyof typeof observableTypes, sql: string])[]
): Field {
  return listOf(
    ...values.map(([attribute, typeId, sql]) =>
      object({ name: constant(attribute), type_id: long(String(typeId)), type: constant(observableTypes[typeId]), value: text(sql) }, [
        'value',
      ]),
    ),
  );
}
const observableTypes = {
  2: 'IP Address',
  4: 'User Name',
  5: 'Email Address',
  7: 'File Name',
  16: 'HTTP User-Agent',
  47: 'Device Object: uid',
};

const entityTypes = { 0: 'Unknown', 1: 'Device', 2: 'User', 3: 'Group', 4: 'Organization', 5: 'Policy' };
const entityTypeId = `CASE WHEN target_type IS NULL THEN 0 ELSE coalesce(CAST(${translated('lower(target_type)', {
  device: 1,
  user: 2,
  group: 3,
  organization: 4,
  company: 4,
  directory: 4,
  policy: 5,
})} AS BIGINT), 99) END`;

/** What is managed; of a kind that OCSF has no number for, the kind is Microsoft's word. @param uid SQL of its id. */
export const managedEntity = (uid: string): Field => {
  const type = captioned(entityTypeId, entityTypes);
  return object({ name: text('target_name'), uid: text(uid), type_id: type.id, type: text(`coalesce(${type.caption.sql}, target_type)`) }, [
    'name',
    'uid',
  ]);
};
