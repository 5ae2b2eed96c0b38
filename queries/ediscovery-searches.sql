-- title: eDiscovery searches
-- question: Who searched, previewed, exported or purged content across mailboxes and sites?
-- topic: administration
-- attack: T1213 Data from Information Repositories; T1114 Email Collection
-- rule: ediscovery-export; ediscovery-purge; mailbox-exported
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: case_name = Which case or search
-- column: query_text = What was searched for
-- column: outcome = success, failure or unknown
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, coalesce(case_name, target_name, target_id) AS case_name, query_text, outcome
FROM msft_o365_general_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('SearchCreated', 'SearchUpdated', 'SearchStarted', 'SearchReport', 'SearchExported', 'SearchExportDownloaded', 'SearchPreviewed',
    'SearchResultsPurged', 'RemovedSearchResultsSentToZoom', 'ViewedSearchPreviewed', 'CaseAdded', 'CaseUpdated', 'CaseMemberAdded',
    'HoldCreated', 'New-ComplianceSearch', 'Set-ComplianceSearch', 'Start-ComplianceSearch', 'New-ComplianceSearchAction', 'New-ComplianceCase',
    'Search-Mailbox', 'New-MailboxSearch')
ORDER BY event_time DESC, operation, actor_upn
