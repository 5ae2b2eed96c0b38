/** To which log type a record goes. */

import type { JsonObject } from '../../shared/log-types/recognition.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import { asOrganization, hasIdOrTime, organizationOf, recognize } from '../../shared/log-types/recognition.ts';
import type { ReadRecord } from './read-record.ts';

/** What becomes of a record. */
export type Route =
  /** It lands; `organization` is the tenant that it names. */
  | { readonly kind: 'log-type'; readonly logType: LogType; readonly organization: string | undefined }
  /** It is a record, of a kind that is not collected. */
  | { readonly kind: 'refused'; readonly why: string }
  /** It is no record. */
  | { readonly kind: 'bad'; readonly why: string };

/**
 * By what the record is, unless the log type is chosen; but that has to be possible.
 *
 * @param chosen `--log-type`; undefined for `auto`.
 */
export function routeRecord(record: ReadRecord, chosen: LogType | undefined): Route {
  const { json, elsewhere, isSure } = record;
  if (chosen) return hasIdOrTime(json, chosen.recognize) ? to(chosen, record) : { kind: 'bad', why: noRecordOf(chosen, record) };
  if (isSure && !isKnown(elsewhere ?? ''))
    return { kind: 'refused', why: `of category ${shortened(elsewhere ?? '')}, which no log type of this lake has` };
  const logType = recognize(logTypes, json, elsewhere);
  return logType ? to(logType, record) : { kind: 'bad', why: noRecord(record) };
}

function to(logType: LogType, { json, organization }: ReadRecord): Route {
  return { kind: 'log-type', logType, organization: asOrganization(organization) ?? organizationOf(json, logType.recognize) };
}

function isKnown(name: string): boolean {
  return logTypes.some(({ recognize: { elsewhere = [] } }) => elsewhere.some((known) => known.toLowerCase() === name.toLowerCase()));
}

function noRecordOf({ id, recognize: { id: ids, times } }: LogType, { json, elsewhere }: ReadRecord): string {
  const meantFor = recognize(logTypes, json, elsewhere);
  if (meantFor) return `no record of ${id}: it looks like one of ${meantFor.id}`;
  return `no record of ${id}: it has no ${[...ids, ...times].join(', no ')}`;
}

function noRecord({ json }: ReadRecord): string {
  if (isOfElastic(json)) return "no record: Elastic's document has no event.original; turn preserve_original_event on, or export it again";
  const renamed = lowered.find((name) => name in json);
  if (renamed !== undefined)
    return `no record as Microsoft writes it: its names begin with small letters (${renamed}); export it again with names as they are`;
  const hasAny = logTypes.some((logType) => hasIdOrTime(json, logType.recognize));
  return hasAny ? 'like the records of no log type' : 'no record: it has neither an id nor a time';
}

/** Names of the Management Activity API's common schema, as tools write them that make names of their own; Graph has none of these. */
const lowered = ['creationTime', 'recordType', 'userKey'];

/** A document in Elastic's common schema whose record was not kept: its fields have other names and places, and some are gone. */
function isOfElastic(json: JsonObject): boolean {
  return '@timestamp' in json && ('event' in json || 'ecs' in json || Object.keys(json).some((name) => name.startsWith('event.')));
}

/** The words of a file, in a message. */
const shortened = (text: string): string => text.slice(0, 60);
