/** What others put around a record, and how it comes out again. */

import type { JsonObject } from '../../shared/log-types/recognition.ts';
import type { Content } from './content.ts';
import { memberText, partsOf, withMembers, withoutMembers } from './json-text.ts';
import { isTableRow, recordOfRow, rowsOfAnswer } from './log-analytics.ts';

/** One way of keeping records. */
interface Envelope {
  /** Who keeps records so, and the page or the output this was written from. */
  readonly of: string;
  readonly holds: (json: JsonObject) => boolean;
  /** What is in it: JSON, or several. */
  readonly open: (text: string, json: JsonObject) => Content[];
}

/** The first that holds decides; what comes out may be an envelope again. */
const envelopes: readonly Envelope[] = [
  {
    of: 'A page in another form than Graph writes it: Event Hub, Splunk, a list that was wrapped',
    holds: (json) => listIn(json) !== undefined && !hasId(json),
    open: (text, json) => elementsOf(memberText(text, listIn(json) ?? '') ?? '[]'),
  },
  {
    of: 'Elasticsearch and OpenSearch: an answer, and one hit of it or of a dump',
    holds: ({ hits, _source }) => isObject(_source) || (isObject(hits) && Array.isArray(hits.hits)),
    open: (text, { _source }) =>
      isObject(_source) ? inner(text, '_source') : elementsOf(memberText(memberText(text, 'hits') ?? '{}', 'hits') ?? '[]'),
  },
  {
    of: "Elastic's integrations with preserve_original_event: https://www.elastic.co/guide/en/ecs/current/ecs-event.html#field-event-original",
    holds: (json) => isJsonText(json['event.original']) || (isObject(json.event) && isJsonText(json.event.original)),
    open: (_text, json) => [{ text: textIn(json['event.original'] ?? (json.event as JsonObject).original) }],
  },
  {
    of: 'Filebeat and Logstash without an integration',
    holds: (json) => json['@timestamp'] !== undefined && isJsonText(json.message),
    open: (_text, { message }) => [{ text: textIn(message) }],
  },
  {
    of: 'Splunk: one result of an export, and what was indexed',
    holds: ({ result, _raw }) => isJsonText(_raw) || (isObject(result) && isJsonText(result._raw)),
    open: (_text, { result, _raw }) => [{ text: textIn(_raw ?? (result as JsonObject)._raw) }],
  },
  {
    of: 'Collectors of logs that keep a line as a text: Docker, Fluent Bit, Graylog, LogScale, Sumo Logic',
    holds: (json) => !hasId(json) && lineIn(json) !== undefined,
    open: (_text, json) => [{ text: lineIn(json) ?? '' }],
  },
  {
    of: 'Collectors of logs that keep a line as an object: Google Cloud Logging, Datadog, Graylog, Sumo Logic',
    holds: (json) => (!hasId(json) || json.type === 'log') && objectIn(json) !== undefined,
    open: (text, json) => inner(text, objectIn(json) ?? ''),
  },
  {
    of: 'Defender: CloudAppEvents of advanced hunting and Sentinel. https://learn.microsoft.com/defender-xdr/advanced-hunting-cloudappevents-table',
    holds: ({ RawEventData }) => isObject(RawEventData) || isJsonText(RawEventData),
    open: (text) => inner(text, 'RawEventData'),
  },
  {
    of: 'Splunk HTTP Event Collector',
    holds: ({ event, sourcetype }) => sourcetype !== undefined && (isObject(event) || isJsonText(event)),
    open: (text) => inner(text, 'event'),
  },
  {
    of: 'Wazuh: what its module sends, an archived event, an alert. https://documentation.wazuh.com/current/cloud-security/office365/',
    holds: ({ office365, data, full_log: log }) =>
      isObject(office365) || (isObject(data) && isObject(data.office365)) || (isJsonText(log) && textIn(log).includes('"office365"')),
    open: (text, { office365, full_log: log }) => {
      // The log is the record as it was sent; an alert has each of its values as a text.
      if (isJsonText(log)) return [{ text: textIn(log) }];
      const record = memberText(office365 === undefined ? (memberText(text, 'data') ?? '{}') : text, 'office365') ?? '{}';
      return [{ text: withoutMembers(record, ['Subscription']) }];
    },
  },
  {
    of: "Wazuh's module for Graph",
    holds: (json) => isObject(json['ms-graph']) || (isObject(json.data) && isObject(json.data['ms-graph'])),
    open: (text, json) => {
      const record = memberText(isObject(json['ms-graph']) ? text : (memberText(text, 'data') ?? '{}'), 'ms-graph') ?? '{}';
      return [{ text: withoutMembers(record, ['resource', 'relationship']) }];
    },
  },
  {
    of: "Purview: Search-UnifiedAuditLog as JSON, Microsoft-Extractor-Suite, Graph's auditLogRecord",
    holds: ({ AuditData, auditData }) => hasValue(AuditData) || hasValue(auditData),
    open: (text, { AuditData }) => inner(text, hasValue(AuditData) ? 'AuditData' : 'auditData'),
  },
  {
    of: 'Azure Monitor: Event Hub and the archive in a storage account',
    holds: ({ category, properties, time, resourceId }) =>
      typeof category === 'string' && (isObject(properties) || isJsonText(properties)) && (hasValue(time) || hasValue(resourceId)),
    open: (text, json) => {
      const { category, tenantId: organization } = json;
      return [{ text: ofAzureMonitor(text, json), elsewhere: String(category), isSure: true, organization }];
    },
  },
  {
    of: 'The query API of Log Analytics: tables of columns and rows',
    holds: ({ tables }) => Array.isArray(tables) && tables.some((table) => isObject(table) && Array.isArray(table.rows)),
    open: (_text, { tables }) => rowsOfAnswer(tables as readonly unknown[]).map((row) => ({ text: JSON.stringify(row) })),
  },
  {
    of: 'Rows of Log Analytics and Sentinel, and what the PowerShell SDK of Graph prints',
    holds: isTableRow,
    open: (_text, json) => [recordOfRow(json)],
  },
];

/** What is within; undefined when nothing is around it, and it is a record or nothing. */
export function opened(text: string, json: unknown): Content[] | undefined {
  if (typeof json === 'string') return isJsonText(json) ? [{ text: textIn(json) }] : undefined;
  if (Array.isArray(json)) return elementsOf(text);
  if (!isObject(json)) return undefined;
  return envelopes.find(({ holds }) => holds(json))?.open(text, json);
}

/** `properties` is the record as Graph has it; what Azure Monitor has beside it fills in what the record lacks. */
function ofAzureMonitor(text: string, envelope: JsonObject): string {
  const [content] = inner(text, 'properties');
  const record = content?.text ?? '{}';
  const known = parsedObject(record);
  if (known === undefined) return record;
  const kind = beside.find(({ category }) => category.test(String(envelope.category)))?.fields ?? {};
  const missing = Object.entries(kind).filter(
    ([name, from]) => !hasValue(known[name]) && typeof envelope[from] === 'string' && envelope[from] !== '',
  );
  return withMembers(
    withoutMembers(
      record,
      missing.map(([name]) => name),
    ),
    missing.map(([name, from]) => [name, JSON.stringify(envelope[from])]),
  );
}

/** Fields of the record that Azure Monitor has under another name beside it. */
const beside: readonly { readonly category: RegExp; readonly fields: Readonly<Record<string, string>> }[] = [
  {
    category: /SignInLogs$/i,
    fields: { createdDateTime: 'time', ipAddress: 'callerIpAddress', correlationId: 'correlationId' },
  },
  {
    category: /^AuditLogs$/i,
    fields: { activityDateTime: 'time', activityDisplayName: 'operationName', correlationId: 'correlationId' },
  },
];

/** Whether it may be a record: none is without. */
const hasId = ({ id, Id }: JsonObject): boolean => id !== undefined || Id !== undefined;

/** What is JSON, of a line that was kept as a text. */
function lineIn(json: JsonObject): string | undefined {
  return lineNames.map((name) => json[name]).find((line) => isJsonText(line));
}
const lineNames = ['log', 'full_message', '@rawstring'];

/** What holds one more thing that is an object, among facts about the line. */
function objectIn(json: JsonObject): string | undefined {
  return objectNames.find((name) => isObject(json[name]));
}
const objectNames = ['jsonPayload', 'attributes', 'message', 'map'];

const listNames = ['value', 'records', 'results', 'messages', 'data'];

function listIn(json: JsonObject): string | undefined {
  return listNames.find((name) => {
    const list = json[name];
    return Array.isArray(list) && list.every((one) => isObject(one) || isJsonText(one));
  });
}

const elementsOf = (list: string): Content[] => partsOf(list).map(({ start, end }) => ({ text: list.slice(start, end) }));

/** A member that is JSON, or a text that holds JSON. */
function inner(text: string, name: string): Content[] {
  const value = memberText(text, name);
  if (value === undefined) return [];
  return [{ text: value.startsWith('"') ? (JSON.parse(value) as string) : value }];
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Whether a text holds an object, a list, or such a text again. */
function isJsonText(value: unknown): value is string {
  return typeof value === 'string' && /^\s*["[{]/.test(value.slice(0, 256));
}

function parsedObject(text: string): JsonObject | undefined {
  try {
    const json = JSON.parse(text) as unknown;
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

const hasValue = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
