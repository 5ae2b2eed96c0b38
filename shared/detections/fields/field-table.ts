/**
 * THE table of fields: which logs a `logsource` means, and where our rows keep the fields that rules name otherwise than the catalog.
 *
 * A rule may spell a field as Microsoft does in the record (`status.errorCode`, with or without `properties.` before it, as the Event Hub
 * sends it), as Log Analytics does (`ResultType`), as our column (`error_code`), or as Sigma's authors came to (`Username`). Case never counts.
 */

import type { LogTypeId, RawDatasetName } from '../../log-types/index.ts';

/** The logs of some logsources. */
export interface Source {
  /** What rules write, as `product/service`; a product alone means any of its logs. */
  readonly logSources: readonly string[];
  readonly datasets: readonly RawDatasetName[];
  /** Only these of the datasets' log types. */
  readonly logTypes?: readonly LogTypeId[];
  /** Fields in lower case, with the places (see placeOf) of which any may have the value. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

const result = ['result_code', 'result_reason'];

/** @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/auditlogs */
const auditLogs: Source = {
  logSources: ['azure/auditlogs', 'azure/azuread'],
  datasets: ['msft_azure_ad_audit_raw'],
  fields: {
    operationname: ['operation'],
    activitydisplayname: ['operation'],
    activitytype: ['operation'],
    'properties.message': ['operation'],
    loggedbyservice: ['service'],
    status: result,
    result: ['result_code'],
    resultdescription: ['result_reason'],
    failure_status_reason: ['result_reason'],
    identity: ['actor_upn'],
    initiatedby: ['actor_upn', 'raw.initiatedBy'],
    'initiatied.by': ['actor_upn'],
    'initiatedby.user.userprincipalname': ['initiated_by_user_upn'],
    'targetresources.modifiedproperties': ['raw.targetResources[].modifiedProperties'],
    'consentcontext.isadminconsent': ['raw.targetResources[].modifiedProperties'],
    'additionaldetails.additionalinfo': ['additional_details.*'],
    'additionaldetails.value': ['additional_details.*'],
    target: ['target_name'],
    ipaddress: ['source_ip'],
  },
};

/** @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/signinlogs */
const signInLogs: Source = {
  logSources: ['azure/signinlogs'],
  datasets: ['msft_azure_ad_raw'],
  fields: {
    resulttype: ['error_code'],
    resultdescription: ['failure_reason'],
    status: ['outcome', 'additional_details'],
    username: ['actor_upn'],
    userprincipalname: ['actor_upn'],
    identity: ['user_name'],
    clientapp: ['client_app_used'],
    'properties.message': ['authentication_protocol'],
    activitydetails: ['operation'],
    operationname: ['operation'],
    location: ['country', 'city'],
    'locationdetails.countryorregion': ['country'],
    calleripaddress: ['source_ip'],
    ipaddress: ['source_ip'],
    appdisplayname: ['app_name'],
    appid: ['app_id'],
    'properties.appid': ['app_id'],
    resourcedisplayname: ['target_name'],
    riskeventtype: ['risk_event_types'],
    category: ['log_type'],
  },
};

/** @see https://learn.microsoft.com/graph/api/resources/riskdetection */
const riskDetections: Source = {
  logSources: ['azure/riskdetection'],
  datasets: ['msft_azure_ad_risk_raw'],
  fields: { riskeventtype: ['operation'], riskstate: ['result_code'], username: ['actor_upn'], userprincipalname: ['actor_upn'] },
};

const contentFields: Source['fields'] = {
  operation: ['operation'],
  eventname: ['operation'],
  applicationid: ['app_id'],
  resultstatus: ['result_code'],
  status: ['outcome', 'result_code'],
  objectid: ['target_id'],
  workload: ['service'],
  eventsource: ['service'],
  userid: ['actor_upn'],
  clientip: ['source_ip'],
  requesttype: ['extended_properties.RequestType'],
  parameters: ['raw.Parameters'],
  operationproperties: ['raw.OperationProperties'],
  directionality: ['raw.Directionality'],
  deliveryaction: ['raw.DeliveryAction'],
};

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema */
const unifiedAudit: Source = {
  logSources: ['m365/audit', 'm365'],
  datasets: [
    'msft_o365_azure_ad_raw',
    'msft_o365_exchange_online_raw',
    'msft_o365_sharepoint_online_raw',
    'msft_o365_general_raw',
    'msft_o365_dlp_raw',
  ],
  fields: contentFields,
};

/** Alerts of the compliance portal, as the Management Activity API serves them. */
const compliance: Source = {
  logSources: ['m365/threat_management', 'm365/threat_detection'],
  datasets: ['msft_o365_general_raw'],
  fields: { ...contentFields, eventname: ['name', 'operation'], status: ['outcome', 'status'], payload: ['raw'] },
};

const exchange: Source = {
  logSources: ['m365/exchange'],
  datasets: ['msft_o365_exchange_online_raw'],
  fields: { ...contentFields, eventname: ['operation'], payload: ['raw'] },
};

/** @see https://learn.microsoft.com/graph/api/resources/security-alert */
const alerts: Source = {
  logSources: ['m365/alerts', 'azure/alerts'],
  datasets: ['msft_graph_security_alerts_raw'],
  fields: {},
};

/** Every source; a log type's id is a service as well, of any product: `m365/audit-sharepoint`. */
export const sources: readonly Source[] = [auditLogs, signInLogs, riskDetections, unifiedAudit, compliance, exchange, alerts];

/** Fields of a log type that a rule names as its service. */
export const sourceOfDataset = (dataset: RawDatasetName): Source | undefined => sources.find((source) => source.datasets.includes(dataset));
