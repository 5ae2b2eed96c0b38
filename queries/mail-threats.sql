-- title: Threats in mail
-- question: Which threats were found in mail, and was the mail delivered?
-- topic: mail
-- attack: T1566 Phishing
-- column: tenant_name = Tenant
-- column: verdict = What was found
-- column: detection_method = How it was found
-- column: delivery_action = What was done with the mail
-- column: messages = How many messages
-- column: senders = From how many senders
-- column: last_time = The last one
SELECT tenant_name, verdict, detection_method, delivery_action, count(DISTINCT internet_message_id) AS messages, count(DISTINCT sender) AS senders,
  max(event_time) AS last_time
FROM msft_o365_general_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND record_type IN (28, 47) AND verdict IS NOT NULL
GROUP BY tenant_name, verdict, detection_method, delivery_action
ORDER BY messages DESC, verdict, detection_method, delivery_action
