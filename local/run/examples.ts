/** The queries that a run ends with: a taste of what the datasets answer. */

export interface ExampleQuery {
  readonly question: string;
  readonly sql: string;
}

export const exampleQueries: readonly ExampleQuery[] = [
  {
    question: 'Whose sign-ins fail, and from where?',
    sql: `SELECT actor_upn, source_ip, count(*) AS failed, min(event_time) AS first, max(event_time) AS last
FROM msft_azure_ad WHERE outcome = 'failure'
GROUP BY ALL ORDER BY failed DESC, actor_upn LIMIT 5`,
  },
  {
    question: 'What is done in Exchange, SharePoint and the directory, and how much of it fails?',
    sql: `SELECT service, operation, count(*) AS events, count(DISTINCT actor_upn) AS actors, count(*) FILTER (WHERE outcome = 'failure') AS failed
FROM (FROM msft_o365_exchange_online SELECT service, operation, actor_upn, outcome
      UNION ALL FROM msft_o365_sharepoint_online SELECT service, operation, actor_upn, outcome
      UNION ALL FROM msft_azure_ad_audit SELECT service, operation, actor_upn, outcome)
GROUP BY ALL ORDER BY events DESC, operation LIMIT 5`,
  },
  {
    question: 'Which alerts are open?',
    sql: `SELECT severity, operation AS alert, service, result_code AS status, last_update_time
FROM msft_graph_security_alerts WHERE result_code <> 'resolved'
ORDER BY CASE severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END, last_update_time DESC LIMIT 5`,
  },
];
