/** Queries to start from. All read only the days they name; every one runs on DuckDB too. */

import { rawDatasets } from '../shared/log-types/index.ts';

export interface Query {
  readonly title: string;
  /** The question it answers. */
  readonly question: string;
  readonly sql: string;
}

const landed = (dataset: string): string =>
  `SELECT '${dataset}' AS dataset, tenant_name, log_type, count(*) AS records, max(event_time) AS newest_event, max(landed_at) AS landed_last
FROM ${dataset}
WHERE dt >= current_date - interval '1' day
GROUP BY tenant_name, log_type`;

export const queries: readonly Query[] = [
  {
    title: 'What landed',
    question: 'How many records came since yesterday, by dataset, tenant and log type, and how new is the newest?',
    sql: `${rawDatasets.map(landed).join('\nUNION ALL\n')}\nORDER BY dataset, tenant_name, log_type`,
  },
  {
    title: 'How late records are',
    question: 'How many minutes lie between an event in Exchange and its landing, by day?',
    sql: `SELECT dt, count(*) AS records, avg(date_diff('minute', event_time, landed_at)) AS mean_minutes, max(date_diff('minute', event_time, landed_at)) AS most_minutes
FROM msft_o365_exchange_online_raw
WHERE dt >= current_date - interval '7' day
GROUP BY dt
ORDER BY dt DESC`,
  },
  {
    title: 'Failed sign-ins',
    question: 'Which users failed to sign in most often since yesterday, and from which addresses?',
    sql: `SELECT tenant_name, actor_upn, source_ip, app_name, result_code, count(*) AS failures, min(event_time) AS first_time, max(event_time) AS last_time
FROM msft_azure_ad_raw
WHERE dt >= current_date - interval '1' day AND outcome = 'failure'
GROUP BY tenant_name, actor_upn, source_ip, app_name, result_code
ORDER BY failures DESC
LIMIT 100`,
  },
  {
    title: 'Changes of roles',
    question: 'Who gave or took a directory role in the last 30 days?',
    sql: `SELECT event_time, tenant_name, operation, actor_upn, app_name, target_name, target_type, outcome
FROM msft_azure_ad_audit_raw
WHERE dt >= current_date - interval '30' day AND lower(operation) LIKE '%member%role%'
ORDER BY event_time DESC`,
  },
  {
    title: 'Inbox rules and forwarding',
    question: 'Who made or changed rules of a mailbox, or its forwarding, in the last 30 days?',
    sql: `SELECT event_time, tenant_name, operation, actor_upn, source_ip, target_id, parameters, outcome
FROM msft_o365_exchange_online_raw
WHERE dt >= current_date - interval '30' day
  AND operation IN ('New-InboxRule', 'Set-InboxRule', 'UpdateInboxRules', 'Set-Mailbox', 'New-TransportRule', 'Set-TransportRule')
ORDER BY event_time DESC`,
  },
  {
    title: 'Downloads from SharePoint and OneDrive',
    question: 'Who downloaded most files since last week?',
    sql: `SELECT tenant_name, actor_upn, source_ip, count(*) AS downloads, count(DISTINCT target_id) AS files, max(event_time) AS last_time
FROM msft_o365_sharepoint_online_raw
WHERE dt >= current_date - interval '7' day AND operation IN ('FileDownloaded', 'FileSyncDownloadedFull')
GROUP BY tenant_name, actor_upn, source_ip
ORDER BY downloads DESC
LIMIT 100`,
  },
  {
    title: 'Alerts as they are now',
    question: 'What is the newest version of every alert?',
    sql: `SELECT event_time, tenant_name, operation, severity, category, result_code, actor_upn, last_update_time
FROM msft_graph_security_alerts
WHERE dt >= current_date - interval '30' day
ORDER BY last_update_time DESC`,
  },
];
