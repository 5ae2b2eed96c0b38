/** The columns of both alert APIs, which land in one dataset: each API says where it keeps what. */

import { json, long, structs, text, texts, time, type Columns, type Expression, type StructField } from '../domain/columns.ts';

type Source = string | Expression;
interface ListSource<Field extends string> {
  readonly path: string;
  /** Paths within an element; an empty list where the API does not have the field. */
  readonly fields: Readonly<Record<Field, readonly string[]>>;
  /** Fields of which one at least makes an element one of these. */
  readonly needs: readonly Field[];
}

/** Where an alerts API keeps each column's value; `absent` where it has no such field. */
export interface AlertSources {
  readonly lastUpdate: Source;
  readonly firstActivity: Source;
  readonly lastActivity: Source;
  readonly resolved: Source;
  readonly description: Source;
  readonly severity: Source;
  readonly category: Source;
  readonly classification: Source;
  readonly determination: Source;
  readonly assignedTo: Source;
  readonly productName: Source;
  readonly detectionSource: Source;
  readonly detectorId: Source;
  readonly providerAlertId: Source;
  readonly alertPolicyId: Source;
  readonly incidentId: Source;
  readonly incidentUrl: Source;
  readonly alertUrl: Source;
  readonly alertUrls: Expression;
  readonly incidentIds: Expression;
  readonly threatNames: Expression;
  readonly threatFamilies: Expression;
  readonly recommendations: Expression;
  readonly actorName: Source;
  readonly threatName: Source;
  readonly threatFamily: Source;
  readonly mitreTechniques: Expression;
  readonly recommendedActions: Source;
  readonly tags: Expression;
  readonly users: ListSource<'id' | 'upn' | 'name' | 'account' | 'domain' | 'sid'>;
  readonly devices: ListSource<'id' | 'entra_id' | 'name' | 'os' | 'ip' | 'health' | 'risk_score'>;
  readonly files: ListSource<'name' | 'path' | 'sha1' | 'sha256' | 'other_hash' | 'publisher' | 'verdict'>;
  readonly processes: ListSource<'id' | 'command_line' | 'name' | 'parent_name' | 'account' | 'verdict'>;
  readonly messages: ListSource<'internet_message_id' | 'network_message_id' | 'subject' | 'sender' | 'recipient' | 'delivery_action'>;
  readonly ips: Expression;
  readonly urls: Expression;
  readonly mailboxes: Expression;
  readonly cloudApps: Expression;
  readonly azureResources: Expression;
  readonly verdicts: Expression;
  readonly remediationStatuses: Expression;
  readonly evidenceTypes: Expression;
  readonly evidence: Source;
  readonly comments: Source;
  readonly additionalData: Source;
  readonly customDetails: Source;
  readonly vendor: Source;
  readonly azureSubscriptionId: Source;
  readonly confidence: Source;
}

/** The columns of an alert beyond the common ones, read from where `at` names. */
export function alertColumns(at: AlertSources): Columns {
  return {
    last_update_time: time(at.lastUpdate, 'When this version was written', '2026-11-20 09:20:11.402+00'),
    first_activity_time: time(at.firstActivity, 'When the activity began', '2026-11-20 09:05:12+00'),
    last_activity_time: time(at.lastActivity, 'When the activity was last seen', '2026-11-20 09:06:37+00'),
    resolved_time: time(at.resolved, 'When the alert was resolved', '2026-11-20 15:41:00+00'),
    description: text(at.description, 'What happened, in words', 'A hidden file was run.'),
    severity: text(at.severity, 'unknown, informational, low, medium or high', 'medium'),
    category: text(at.category, 'Kind of attack', 'DefenseEvasion'),
    classification: text(at.classification, 'truePositive, falsePositive, informationalExpectedActivity or unknown', 'truePositive'),
    determination: text(at.determination, 'What the investigation found it to be', 'malware'),
    assigned_to: text(at.assignedTo, 'Owner of the alert', 'soc@contoso.example'),
    product_name: text(at.productName, 'Product that raised it, in more detail than service', 'Microsoft Defender for Endpoint'),
    detection_source: text(at.detectionSource, 'Technology that found it', 'microsoftDefenderForEndpoint'),
    detector_id: text(at.detectorId, 'Detector that found it', 'e0da400f-affd-43ef-b1d5-afc2eb6f2756'),
    provider_alert_id: text(at.providerAlertId, "The product's own id of the alert", 'da637551227677560813_-961444813'),
    alert_policy_id: text(at.alertPolicyId, 'Policy that raised it', '0f1e2d3c-4b5a-4968-8776-a5b4c3d2e1f0'),
    incident_id: text(at.incidentId, 'Incident it belongs to', '28282'),
    incident_url: text(at.incidentUrl, 'Where Microsoft shows the incident', 'https://security.contoso.example/incidents/28282'),
    alert_url: text(at.alertUrl, 'Where Microsoft shows the alert', 'https://security.contoso.example/alerts/da637551227677560813'),
    actor_name: text(at.actorName, 'Adversary the alert is ascribed to', 'Storm-0000'),
    threat_name: text(at.threatName, 'Threat found', 'Trojan:Win32/Contoso'),
    threat_family: text(at.threatFamily, 'Family of that threat', 'Contoso'),
    mitre_techniques: texts(at.mitreTechniques, 'MITRE ATT&CK technique ids', '["T1564.001"]'),
    recommended_actions: text(at.recommendedActions, 'What Microsoft recommends', 'Isolate the device.'),
    tags: texts(at.tags, 'Tags', '["Test machine"]'),
    users: listOf(
      at.users,
      'Users the alert names',
      '[{"id": "9c1d7a2e-0b4f-4f6d-8e3a-5b7c9d1e2f30", "upn": "megan@contoso.example", "name": "Megan Bowen", "account": "megan", "domain": "CONTOSO", "sid": null}]',
    ),
    devices: listOf(
      at.devices,
      'Devices',
      '[{"id": "73e7e2de709dff64ef64b1d0c30e67fab63279db", "entra_id": null, "name": "laptop-7c21.contoso.example", "os": "Windows11", "ip": "192.0.2.17", "health": "active", "risk_score": "medium"}]',
    ),
    files: listOf(
      at.files,
      'Files and images of processes',
      '[{"name": "helper.exe", "path": "C:\\\\Users\\\\Public", "sha1": "5f1a2b3c4d5e6f708192a3b4c5d6e7f809182736", "sha256": null, "other_hash": null, "publisher": null, "verdict": "suspicious"}]',
    ),
    processes: listOf(
      at.processes,
      'Processes',
      '[{"id": "4780", "command_line": "helper.exe /quiet", "name": "helper.exe", "parent_name": "cmd.exe", "account": "megan", "verdict": "suspicious"}]',
    ),
    messages: listOf(
      at.messages,
      'Mail messages',
      '[{"internet_message_id": "<a1b2c3@mail.fabrikam.example>", "network_message_id": "6a7b8c9d-1e2f-4a3b-8c4d-5e6f7a8b9c0d", "subject": "Your parcel is waiting", "sender": "parcel@fabrikam.example", "recipient": "lee@contoso.example", "delivery_action": "blocked"}]',
    ),
    ips: texts(at.ips, 'Addresses', '["203.0.113.24"]'),
    urls: texts(at.urls, 'URLs', '["https://fabrikam.example/parcel"]'),
    mailboxes: texts(at.mailboxes, 'Mailboxes', '["lee@contoso.example"]'),
    cloud_apps: texts(at.cloudApps, 'Cloud applications', '["Contoso Timesheets"]'),
    azure_resources: texts(at.azureResources, 'Azure resources', '["/subscriptions/1a2b3c4d/resourceGroups/backup"]'),
    verdicts: texts(at.verdicts, 'Verdicts on the evidence, each once', '["suspicious"]'),
    remediation_statuses: texts(at.remediationStatuses, 'What was done about the evidence, each once', '["prevented"]'),
    evidence_types: texts(at.evidenceTypes, "Microsoft's types of the evidence, each once", '["deviceEvidence", "fileEvidence"]'),
    evidence: json(at.evidence, 'Evidence as JSON', '[{"@odata.type": "#microsoft.graph.security.fileEvidence", ...}]'),
    comments: json(at.comments, 'Comments as JSON', '[{"comment": "Known test", "createdByDisplayName": "soc@contoso.example"}]'),
    additional_data: json(at.additionalData, 'What the product adds, as JSON', '{"Signature": "4711"}'),
    custom_details: json(at.customDetails, 'What a custom rule adds, as JSON', '{"Ticket": "INC-4711"}'),
    alert_urls: texts(
      at.alertUrls,
      'Every address where Microsoft shows the alert or its policy',
      '["https://security.contoso.example/alerts/da637551227677560813"]',
    ),
    incident_ids: texts(at.incidentIds, 'Every incident that the alert names', '["28282"]'),
    threat_names: texts(at.threatNames, 'Every threat that the alert names', '["Trojan:Win32/Contoso"]'),
    threat_families: texts(at.threatFamilies, 'Families of those threats', '["Contoso"]'),
    recommendations: texts(at.recommendations, 'Everything that Microsoft recommends', '["Isolate the device."]'),
    alert_vendor: text(at.vendor, 'Vendor of the product that raised it', 'Microsoft'),
    azure_subscription_id: text(at.azureSubscriptionId, 'Azure subscription', '1a2b3c4d-5e6f-4708-9192-a3b4c5d6e7f8'),
    confidence: long(at.confidence, 'Confidence of the detection, in percent', '80'),
  };
}

function listOf<Field extends string>({ path, fields, needs }: ListSource<Field>, meaning: string, example: string) {
  const read = Object.entries<readonly string[]>(fields).map(([name, paths]): [string, StructField] => [name, { paths, as: 'text' }]);
  return structs(path, Object.fromEntries(read), meaning, example, needs);
}
