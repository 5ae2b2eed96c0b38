/** What the functions measure, by name: the functions write them, alarms and the dashboard read them. */

/** The CloudWatch namespace of every metric. */
export const metricNamespace = 'M365AuditLake';
/** The `service` dimension that every metric carries, where the environment (`POWERTOOLS_SERVICE_NAME`) names no other. */
export const metricService = 'm365-audit-lake';

/**
 * What landed. Written with the dimension set `[service]`; tenant and log type stand beside it in the log line, where Logs Insights
 * finds them. With the setting `tenantMetrics` also with `[service, tenant, logType]`: CloudWatch charges for every metric, and those
 * of one busy tenant would cost more than all its records.
 */
export const landedMetrics = {
  /** Count. */
  recordsLanded: 'RecordsLanded',
  /** Bytes of Parquet. */
  bytesLanded: 'BytesLanded',
  /** Seconds from the time Microsoft published the newest of what a job brought until it landed. */
  landingLag: 'LandingLag',
} as const;

/** Written with the dimension sets `[service]` and `[service, tenant, logType]`, and only where there is trouble, which is rare. */
export const troubleMetrics = {
  /** Seconds from the cursor until now, of a stream that lags more than is usual. */
  cursorLag: 'CursorLag',
  /**
   * Seconds since Microsoft published the oldest of what was tried for hours and has not landed: a job that is parked again, or an hour of the
   * content list that does not come. The log line beside it has the cause.
   */
  notLanded: 'NotLanded',
  /** Count of jobs left for later because of trouble. */
  parked: 'Parked',
  /** Count of content blobs that will never land, and have a loss row. */
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

/** What belongs to a stream. Where there is nothing to report nothing is written: a tenant that is idle costs no metric. */
export const streamMetrics = { ...landedMetrics, ...troubleMetrics } as const;

/** Written by a run of a list function where it is not zero: a function that lists well costs no metric. */
export const listMetrics = {
  /** Count of streams that this run could not list, those of broken tenants included; dimension set `[service, logType, cloud]`. */
  streamsFailed: 'StreamsFailed',
  /**
   * Count of tenants whose configuration or credential parameter cannot be used, and of jobs whose tenant was disabled, removed or moved while
   * they waited; dimension set `[service]`.
   */
  tenantsBroken: 'TenantsBroken',
  /** Count of findings that a receiver did not take for days; dimension set `[service]`. */
  undelivered: 'UndeliveredFindings',
} as const;

/** Count of calls to Microsoft, with the dimension set `[service, api]`; api is `management-activity` or `graph`. */
export const requestsMetric = 'Requests';
