/** The queries that a run ends with: a taste of what the datasets answer. */

/** A question with the SQL that answers it. */
export interface ExampleQuery {
  readonly question: string;
  readonly sql: string;
}

/** The example queries, in the order in which they are printed. They work on every lake, an empty one included. */
export const exampleQueries: readonly ExampleQuery[] = [
  {
    question: 'How much is in everything, and how much of it says when, who, from where and how it ended?',
    sql: `SELECT dataset, count(*) AS records, count(event_time) AS timed, count(actor) AS with_actor, count(source_ip) AS with_address,
  count(*) FILTER (WHERE outcome <> 'unknown') AS with_outcome
FROM m365_activity GROUP BY dataset ORDER BY records DESC LIMIT 10`,
  },
  {
    question: 'Whose sign-ins fail, why, and what did conditional access make of it?',
    sql: `SELECT actor_upn, failure_kind, conditional_access_result, auth_target, count(*) AS failed, count(DISTINCT source_ip) AS addresses
FROM authentication_story WHERE auth_outcome = 'FAILURE'
GROUP BY 1, 2, 3, 4 ORDER BY failed DESC, actor_upn, auth_target LIMIT 5`,
  },
  {
    question: 'What is done in the applications, whichever of them reports it, and how much of it fails?',
    sql: `SELECT operation_name, count(*) AS events, count(DISTINCT actor_upn) AS actors, count(DISTINCT service) AS services,
  count(*) FILTER (WHERE operation_status = 'FAILURE') AS failed
FROM saas_audit_logs WHERE operation_name IS NOT NULL
GROUP BY 1 ORDER BY events DESC, operation_name LIMIT 5`,
  },
  {
    question: 'What was changed in the directory, and by whom?',
    sql: `SELECT operation_name, operation_name_orig, identity_name, count(*) AS changes, min(referenced_resource_name) AS for_example
FROM cloud_audit_logs GROUP BY 1, 2, 3 ORDER BY changes DESC, operation_name_orig, identity_name LIMIT 5`,
  },
  {
    question: 'Which alerts are open?',
    sql: `SELECT severity, operation AS alert, service, result_code AS status, last_update_time
FROM msft_graph_security_alerts WHERE result_code <> 'resolved'
ORDER BY CASE severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END, last_update_time DESC LIMIT 5`,
  },
];
