/** A world for measuring: many records of one size that cost next to nothing to make. */

import { hours, iso, minutes, type Instant } from '../shared/domain/window.ts';
import { contentIdOf } from './content-id.ts';
import { simulatedLogType } from './log-types/index.ts';
import { random } from './random.ts';
import { simulatedTenant } from './tenants.ts';
import { contentLifetimeMs, type Blob, type SimulatedTenant, type World } from './world.ts';

/** Sizes of a world for measuring. */
export interface BenchWorldOptions {
  readonly startAt: Instant;
  /** In all; 200,000 when absent. */
  readonly records?: number;
  /** About, each; 2,000 when absent. */
  readonly recordBytes?: number;
  readonly blobs?: number;
  /** A content log type; `audit-exchange` when absent. */
  readonly logTypeId?: string;
  readonly tenant?: SimulatedTenant;
  /** Makes a record by its number, as JSON; from one template when absent. `recordBytes` says nothing then. */
  readonly record?: (number: number, created: Instant) => string;
}

/** All blobs were created and listed within the twenty hours before the world's start. */
export function benchWorld(options: BenchWorldOptions): World {
  const { startAt, records = 200_000, recordBytes = 2_000, blobs: count = 1_000, logTypeId = 'audit-exchange' } = options;
  const tenant = options.tenant ?? simulatedTenant({ name: 'contoso', subscribed: ['Audit.Exchange'] });
  const logType = simulatedLogType(logTypeId);
  if (logType.kind !== 'content') throw new Error(`benchWorld serves content log types, not '${logTypeId}'`);
  const record = options.record ?? recordTemplate(tenant.tenantId, recordBytes);

  const blobs = Array.from({ length: count }, (_, index): Blob => {
    const created = startAt - hours(20) + Math.floor((index * (hours(20) - minutes(5))) / count);
    const first = Math.floor((index * records) / count);
    const end = Math.floor(((index + 1) * records) / count);
    return {
      contentId: contentIdOf(created, index + 1, logType.contentType),
      logTypeId,
      created,
      visibleAt: created,
      expires: created + contentLifetimeMs,
      records: () => Array.from({ length: end - first }, (_record, offset) => record(first + offset, created)),
    };
  });
  const byId = new Map(blobs.map((blob) => [blob.contentId, blob]));
  return {
    startAt,
    tenants: [tenant],
    records: 'given',
    blobs: (tenantId, id, { start, end }) =>
      tenantId === tenant.tenantId && id === logTypeId ? blobs.filter((blob) => blob.created >= start && blob.created < end) : [],
    blob: (tenantId, contentId) => (tenantId === tenant.tenantId ? byId.get(contentId) : undefined),
    versions: () => [],
  };
}

/** A mail record of the wanted size in which only the id, the time, the person and the address change. */
function recordTemplate(tenantId: string, recordBytes: number): (number: number, created: Instant) => string {
  const words = random('bench');
  const make = (id: string, time: string, person: number, filler: string) =>
    `{"CreationTime":"${time}","Id":"${id}","Operation":"MailItemsAccessed","OrganizationId":"${tenantId}","RecordType":50,"ResultStatus":"Succeeded",` +
    `"UserKey":"10032001266C${String(1000 + person)}","UserType":0,"Version":1,"Workload":"Exchange","ClientIP":"203.0.113.${String(person)}",` +
    `"UserId":"person${String(person)}@contoso.onmicrosoft.com","ClientIPAddress":"203.0.113.${String(person)}","ClientInfoString":"Client=REST;;","ExternalAccess":false,` +
    `"InternalLogonType":0,"LogonType":0,"MailboxGuid":"2c1cb101-3be8-4591-a5d2-e24244ea4d${String(10 + (person % 90))}","MailboxOwnerUPN":"person${String(person)}@contoso.onmicrosoft.com",` +
    `"OperationProperties":[{"Name":"MailAccessType","Value":"Bind"},{"Name":"IsThrottled","Value":"False"}],"OrganizationName":"contoso.onmicrosoft.com",` +
    `"OriginatingServer":"DB9PR05MB4711 (15.20.9412.014)","Folders":[{"FolderItems":[${filler}],"Id":"LgAAAADBwCLO","Path":"\\\\Inbox"}],"OperationCount":4}`;
  const bare = make(guid(0), '2026-11-22T06:00:00', 100, '').length;
  const items: string[] = [];
  while (bare + items.join(',').length + 110 < recordBytes)
    items.push(`{"InternetMessageId":"<${words.hex(60).toUpperCase()}@DB9PR05MB4711.example>"}`);
  const filler = items.join(',');
  return (number, created) => make(guid(number), iso(created - 600_000 - (number % 1_800) * 1_000).slice(0, 19), number % 250, filler);
}

function guid(number: number): string {
  const hex = number.toString(16).padStart(12, '0');
  return `8404611e-bb96-4710-9d0f-${hex}`;
}
