/** The columns of both alert APIs, which land in one dataset: each API says where it keeps what. */

import { json, long, structs, text, texts, time, type Columns, type Expression, type StructField } from '../domain/columns.ts';

type Source = string | Expression;
interface ListSource<Field extends string> {
  readonly path: string;
  /** Paths within an element; none where the API does not say it. */
  readonly fields: Readonly<Record<Field, readonly string[]>>;
  /** Fields of which one at least makes an element one of these. */
  readonly needs: readonly Field[];
}

/** Where an API keeps what both know in some way; `none` where it does not. */
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

export function alertColumns(at: AlertSources): Columns {
  return {
    last_update_time: time(at.lastUpdate, 'When this version was written'),
    first_activity_time: time(at.firstActivity, 'When the activity began'),
    last_activity_time: time(at.lastActivity, 'When the activity was last seen'),
    resolved_time: time(at.resolved, 'When the alert was resolved'),
    description: text(at.description, 'What happened, in words'),
    severity: text(at.severity, 'unknown, informational, low, medium or high'),
    category: text(at.category, 'Kind of attack'),
    classification: text(at.classification, 'truePositive, falsePositive, informationalExpectedActivity or unknown'),
    determination: text(at.determination, 'What the investigation found it to be'),
    assigned_to: text(at.assignedTo, 'Owner of the alert'),
    product_name: text(at.productName, 'Product that raised it, in more detail than service'),
    detection_source: text(at.detectionSource, 'Technology that found it'),
    detector_id: text(at.detectorId, 'Detector that found it'),
    provider_alert_id: text(at.providerAlertId, "The product's own id of the alert"),
    alert_policy_id: text(at.alertPolicyId, 'Policy that raised it'),
    incident_id: text(at.incidentId, 'Incident it belongs to'),
    incident_url: text(at.incidentUrl, 'Where Microsoft shows the incident'),
    alert_url: text(at.alertUrl, 'Where Microsoft shows the alert'),
    actor_name: text(at.actorName, 'Adversary the alert is ascribed to'),
    threat_name: text(at.threatName, 'Threat found'),
    threat_family: text(at.threatFamily, 'Family of that threat'),
    mitre_techniques: texts(at.mitreTechniques, 'MITRE ATT&CK technique ids'),
    recommended_actions: text(at.recommendedActions, 'What Microsoft recommends'),
    tags: texts(at.tags, 'Tags'),
    users: listOf(at.users, 'Users the alert names'),
    devices: listOf(at.devices, 'Devices'),
    files: listOf(at.files, 'Files and images of processes'),
    processes: listOf(at.processes, 'Processes'),
    messages: listOf(at.messages, 'Mail messages'),
    ips: texts(at.ips, 'Addresses'),
    urls: texts(at.urls, 'URLs'),
    mailboxes: texts(at.mailboxes, 'Mailboxes'),
    cloud_apps: texts(at.cloudApps, 'Cloud applications'),
    azure_resources: texts(at.azureResources, 'Azure resources'),
    verdicts: texts(at.verdicts, 'Verdicts on the evidence, each once'),
    remediation_statuses: texts(at.remediationStatuses, 'What was done about the evidence, each once'),
    evidence_types: texts(at.evidenceTypes, "Microsoft's types of the evidence, each once"),
    evidence: json(at.evidence, 'Evidence as JSON'),
    comments: json(at.comments, 'Comments as JSON'),
    additional_data: json(at.additionalData, 'What the product adds, as JSON'),
    custom_details: json(at.customDetails, 'What a custom rule adds, as JSON'),
    alert_vendor: text(at.vendor, 'Vendor of the product that raised it'),
    azure_subscription_id: text(at.azureSubscriptionId, 'Azure subscription'),
    confidence: long(at.confidence, 'Confidence of the detection, in percent'),
  };
}

function listOf<Field extends string>({ path, fields, needs }: ListSource<Field>, meaning: string) {
  const read = Object.entries<readonly string[]>(fields).map(([name, paths]): [string, StructField] => [name, { paths, as: 'text' }]);
  return structs(path, Object.fromEntries(read), meaning, needs);
}
