/** What the functions measure, by name: the functions write them, alarms and the dashboard read them. */

export const metricNamespace = 'M365AuditLake';
/** The `service` dimension that every metric carries. */
export const metricService = 'm365-audit-lake';

/**
 * Written with the dimension sets `[service]` and `[service, tenant, logType]`, and only where there is something to say: a
 * tenant that is idle costs no metric.
 */
export const streamMetrics = {
  /** Count. */
  recordsLanded: 'RecordsLanded',
  /** Bytes of Parquet. */
  bytesLanded: 'BytesLanded',
  /** Seconds from the time Microsoft published the newest of what a job brought until it landed. */
  landingLag: 'LandingLag',
  /** Count of jobs left for later because of trouble. */
  parked: 'Parked',
  /** Count of content blobs that will never land, and have a row that says so. */
  expired: 'Expired',
  quarantined: 'Quarantined',
  /** Count of spans that could not be collected. */
  gaps: 'Gaps',
  /** Count of content blobs, or windows, that Microsoft stops serving within a day and that are not landed. */
  nearExpiry: 'NearExpiry',
  /** Count of requests that Microsoft answered with "too many". */
  throttled: 'Throttled',
  /** Count of refusals that need a person: credential, consent, permission, licence. */
  refused: 'Refused',
} as const;

/** Written by every run of a list function with the dimension set `[service, logType, cloud]`; the worst tenant stands beside it in the log line. */
export const listMetrics = {
  /** Count of streams that this run could not list, those of broken tenants included. */
  streamsFailed: 'StreamsFailed',
  /** Seconds from the cursor that is furthest behind until now. */
  cursorLag: 'CursorLag',
  /** Count of tenants whose configuration or credential parameter cannot be used. */
  tenantsBroken: 'TenantsBroken',
} as const;

/** Count of calls to Microsoft, with the dimension set `[service, api]`; api is `management-activity` or `graph`. */
export const requestsMetric = 'Requests';
