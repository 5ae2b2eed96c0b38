import type { CloudId } from '../clouds.ts';

/** What one log type of one tenant publishes: the unit that has a cursor. */
export interface Stream {
  readonly cloud: CloudId;
  /** The tenant's GUID, in lower case. */
  readonly tenantId: string;
  readonly logType: string;
}

/** `{cloud}#{tenantGuid}#{logType}`. */
export type StreamKey = string;

/** The stream as one text, for keys of stores. */
export function streamKey(stream: Stream): StreamKey {
  return `${stream.cloud}#${stream.tenantId}#${stream.logType}`;
}
