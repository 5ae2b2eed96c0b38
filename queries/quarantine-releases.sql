-- title: Released from quarantine
-- question: Who released which mail from quarantine?
-- topic: mail
-- attack: T1566 Phishing
-- rule: quarantine-release
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: network_message_id = Which message
-- column: release_to = To whom
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, network_message_id, quarantine_release_to AS release_to
FROM msft_o365_general_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND (operation IN ('QuarantineReleaseMessage', 'QuarantineRelease') OR (record_type = 65 AND quarantine_request_type = 2))
ORDER BY event_time DESC, actor_upn, network_message_id
