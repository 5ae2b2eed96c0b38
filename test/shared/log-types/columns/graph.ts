import { type Specimen } from './specimens.ts';

const evidence = [
  {
    '@odata.type': '#microsoft.graph.security.userEvidence',
    verdict: 'suspicious',
    userAccount: { accountName: 'ada', userPrincipalName: 'ada@contoso.example' },
  },
  { '@odata.type': '#microsoft.graph.security.ipEvidence', verdict: 'suspicious', ipAddress: '192.0.2.7' },
  {
    '@odata.type': '#microsoft.graph.security.deviceEvidence',
    mdeDeviceId: 'd1',
    deviceDnsName: 'laptop.contoso.example',
    osPlatform: 'Windows11',
  },
  {
    '@odata.type': '#microsoft.graph.security.fileEvidence',
    mdeDeviceId: 'd1',
    fileDetails: { fileName: 'a.exe', sha256: 'ab' },
    verdict: 'malicious',
  },
];
/** Directory audits and alerts of Microsoft Graph. */
export const graph: readonly Specimen[] = [
  {
    name: 'a directory audit names its targets, their changes and the client',
    logType: 'directory-audits',
    record: {
      id: 'Directory_x',
      activityDateTime: '2026-11-22T06:05:09+02:00',
      activityDisplayName: 'Update user',
      result: 'timeout',
      initiatedBy: { app: { appId: null, displayName: 'Sync', servicePrincipalId: 's1' } },
      targetResources: [
        {
          id: 'u1',
          displayName: null,
          Type: 'User',
          userPrincipalName: 'grace@contoso.example',
          modifiedProperties: [{ displayName: 'City', oldValue: null, newValue: '"Rome"' }],
        },
      ],
      additionalDetails: [{ key: 'User-Agent', value: 'curl/8' }],
    },
    reads: {
      event_time: '2026-11-22 04:05:09+00',
      outcome: 'failure',
      actor_id: 's1',
      actor_upn: 'Sync',
      actor_type: 'application',
      target_id: 'u1',
      target_name: 'grace@contoso.example',
      target_type: 'User',
      user_agent: 'curl/8',
      modified_properties: [{ target_id: 'u1', name: 'City', old_value: null, new_value: '"Rome"' }],
      additional_details: [{ key: 'User-Agent', value: 'curl/8' }],
    },
  },
  {
    name: 'an alert names its entities by kind',
    logType: 'alerts',
    record: {
      id: 'a1',
      createdDateTime: '2026-11-22T06:05:09Z',
      title: 'Odd file',
      severity: 'high',
      mitreTechniques: ['T1059'],
      evidence,
    },
    reads: {
      operation: 'Odd file',
      actor_upn: 'ada@contoso.example',
      source_ip: '192.0.2.7',
      target_id: 'd1',
      target_name: 'laptop.contoso.example',
      verdicts: ['suspicious', 'malicious'],
      devices: [{ id: 'd1', entra_id: null, name: 'laptop.contoso.example', os: 'Windows11', ip: null, health: null, risk_score: null }],
      files: [{ name: 'a.exe', path: null, sha1: null, sha256: 'ab', other_hash: null, publisher: null, verdict: 'malicious' }],
      mitre_techniques: ['T1059'],
    },
  },
  {
    name: 'a legacy alert lands under the same names',
    logType: 'alerts-legacy',
    record: {
      id: 'a1',
      status: 'newAlert',
      vendorInformation: { provider: 'IPC', vendor: 'Microsoft' },
      feedback: 'benignPositive',
      incidentIds: ['7'],
      userStates: [{ aadUserId: 'u1', userPrincipalName: 'ada@contoso.example', logonIp: '192.0.2.7' }],
    },
    reads: {
      result_code: 'new',
      service: 'IPC',
      classification: 'informationalExpectedActivity',
      incident_id: '7',
      actor_upn: 'ada@contoso.example',
      source_ip: '192.0.2.7',
      ips: ['192.0.2.7'],
    },
  },
];
