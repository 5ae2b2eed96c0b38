import type { DatasetName } from '../../shared/datasets/index.ts';

// Why columns are not filled everywhere: what the shares of the sample records mean.
const ocsf: readonly string[] = [
  'What OCSF requires is always filled. What it recommends is where the record says it: an address, a client, a reason.',
];
const management: readonly string[] = [
  'event_time, actor and outcome are always filled: every record of the API has them. The outcome is `unknown` where neither operation, error code nor result decides.',
  'source_port only where Microsoft writes the address with its port. app_name, session_id and unique_token_id mostly stand in `AppAccessContext`, which few of the samples have: they are old.',
];

/** By dataset: notes for its page, in the order they stand there. */
export const filledNotes: Readonly<Partial<Record<DatasetName, readonly string[]>>> = {
  msft_o365_azure_ad_raw: [
    ...management,
    'source_ip: sign-ins (record types 9 and 15) have it, two of three changes in the directory (8) have none. error_code: record type 15 only.',
    "actor_id: empty where UserKey is Microsoft's word for nothing.",
  ],
  msft_o365_exchange_online_raw: [
    ...management,
    'source_ip: mailbox records (2, 3, 50) have it, of cmdlets (1, more than half of the samples) about a quarter, and reading of encrypted mail (154) has none.',
    'parameters: cmdlets only; item, folder and logon columns: mailbox records only (2, 3, 50). Exchange has no target_type.',
  ],
  msft_o365_sharepoint_online_raw: [
    ...management,
    'source_ip is empty in what Microsoft writes without one, whoever acted. There is no result: the outcome goes by the operation.',
    'file columns: operations on files; target_user: sharing only.',
  ],
  msft_o365_dlp_raw: [
    ...management,
    'source_ip, user_agent, app_id: these records do not have the address a message was sent or a file shared from.',
    'file columns for SharePoint and endpoints, message columns for Exchange, endpoint columns for endpoints.',
  ],
  msft_o365_general_raw: [
    ...management,
    'source_ip: information protection (93 to 97) and mail threats (28) have it; compliance cmdlets (18), reports that were read (52), alerts (40) and Teams (25), nearly all of the samples, have none.',
    'Columns by service: a record of Teams fills those of Teams, one of Power BI those of Power BI.',
  ],
  msft_azure_ad_raw: [
    'event_time and record_id are always there in what Graph serves; some of the samples are cut down to a few fields and lack them.',
    'source_ip: managed identities sign in without one. city and country: where there is an address; device columns: few of the samples.',
    'outcome is `unknown` where `status` is missing; Microsoft always sends it. failure_reason: failures only.',
    'risk columns say `hidden` or nothing without Entra ID P2; conditional_access_policies need the permission Policy.Read.ConditionalAccess.',
  ],
  msft_azure_ad_audit_raw: [
    'record_id, category, correlation_id: missing in samples that are cut down to a few fields.',
    'source_ip: nearly all changes by users, none by applications. result_reason: mostly failures, of which the samples have few.',
  ],
  msft_graph_security_alerts_raw: [
    'actor, source_ip and target are the first user, address and device among the evidence: an alert about a mailbox names no device.',
    'The outcome is always `unknown`: an alert does not say whether the attack succeeded. result_code has its status.',
    'Legacy alerts have no detector_id, mitre_techniques, verdicts or evidence.',
  ],
  saas_audit_logs: [
    'source_ip: mailbox and file operations have it, most cmdlets and most records of Audit.General do not; see the raw datasets.',
    'operation_name: filled where the operation is in our table of names or is a cmdlet; operation_name_orig always is.',
    'file columns: SharePoint; mailbox and mail columns: Exchange, and mail threats of General; team, alert and case columns: General.',
  ],
  authentication_story: [
    'auth_outcome is always filled, by status.errorCode; error_code and event_time are missing in samples that are cut down to a few fields.',
    'failure_kind and outcome_reason: failures only. source_ip: managed identities have none.',
    'auth_method, device and location columns: users; service_principal and credential columns: applications.',
  ],
  cloud_audit_logs: [
    'identity_name, operation_status and outcome are always filled; caller_ip is empty for what applications do.',
    'role_name and group_name: changes of roles and groups only; group_name needs Group.DisplayName among what was changed, which no sample has. outcome_reason: failures mostly.',
    'record_id, category and correlation_id are missing in samples that are cut down to a few fields.',
  ],
  ocsf_authentication: [
    ...ocsf,
    'auth_factors, device and session: sign-ins of Graph, and of the Management API where it names the device.',
  ],
  ocsf_account_change: [...ocsf, 'policies: directory roles that were given or taken.'],
  ocsf_group_management: [...ocsf, 'user: members and owners only. status_detail: failures, of which the samples have none.'],
  ocsf_entity_management: [...ocsf, 'src_endpoint: two of three changes in the directory have no address.'],
  ocsf_api_activity: ocsf,
  ocsf_file_hosting_activity: [...ocsf, 'file_result and device: moves and copies, and devices with a name; the samples have neither.'],
  ocsf_email_activity: ocsf,
  ocsf_detection_finding: [...ocsf, 'actor: changes of an alert (AlertUpdated) only, of which the samples have none.'],
};
