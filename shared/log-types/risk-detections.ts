import { addressIn, constant, double, firstOf, known, text, time } from '../domain/columns.ts';
import { days, hours, minutes } from '../domain/window.ts';
import { addressesAsSent, columnsOf } from './common.ts';
import { graphClouds } from './graph-clouds.ts';
import { logType } from './log-type.ts';

/** What Microsoft Entra ID Protection thinks is wrong with a sign-in or a user. A detection changes; every version is a record. */
export const riskDetections = logType({
  id: 'risk-detections',
  title: 'Microsoft Entra risk detections',
  reference: 'https://learn.microsoft.com/graph/api/riskdetection-list',
  source: {
    kind: 'windows',
    path: '/v1.0/identityProtection/riskDetections',
    timeField: 'lastUpdatedDateTime',
    timeColumn: 'last_update_time',
    throttle: 'identity-protection',
    laterPassesMs: [hours(1), hours(24)],
  },
  permissions: [{ name: 'IdentityRiskEvent.Read.All' }],
  licence: 'Microsoft Entra ID P1 or P2; with P1 Microsoft hides the details',
  latencyMs: minutes(10),
  // 90 days with P2, 30 with P1; Microsoft answers with what it has.
  retentionMs: days(90),
  clouds: graphClouds,
  isOfferedInFedramp: true,
  dataset: 'msft_azure_ad_risk_raw',
  vendor: 'msft',
  product: 'Azure AD Risk',
  recognize: {
    id: ['id'],
    times: ['activityDateTime', 'detectedDateTime', 'lastUpdatedDateTime'],
    organization: 'tenantId',
    elsewhere: ['UserRiskEvents', 'AADUserRiskEvents'],
    shapes: [
      { riskEventType: 'anything', detectedDateTime: 'anything' },
      { riskEventType: 'anything', activityDateTime: 'anything' },
    ],
  },
  identity: 'every typed column',
  columns: columnsOf(
    {
      event_time: time(firstOf('activityDateTime', 'detectedDateTime'), 'When the risky activity took place', '2026-11-20 09:14:03.118+00'),
      record_id: text('id', 'Id of the detection; the same for every version', '6a5874ca9fbf1c5b3e7d4f8a2b0c9d1e'),
      service: text(firstOf('source', constant('IdentityProtection')), 'Product that detected it', 'IdentityProtection'),
      operation: text('riskEventType', 'What was detected', 'unfamiliarFeatures'),
      actor_id: text(known('userId'), 'Object id of the user', '9c1d7a2e-0b4f-4f6d-8e3a-5b7c9d1e2f30'),
      actor_upn: text('userPrincipalName', 'User principal name of the user', 'megan@contoso.example'),
      actor_type: text(constant('user'), 'Always user', 'user'),
      source_ip: text(addressIn('ipAddress'), 'Address of the client', '203.0.113.24'),
      outcome: text(constant('unknown'), 'Always unknown: a detection does not say whether the attack succeeded', 'unknown'),
      result_code: text('riskState', 'atRisk, confirmedCompromised, remediated, dismissed, confirmedSafe or none', 'atRisk'),
    },
    {
      source_addresses: addressesAsSent('ipAddress'),
      detected_time: time('detectedDateTime', 'When it was detected', '2026-11-20 09:15:11.204+00'),
      last_update_time: time('lastUpdatedDateTime', 'When the detection last changed', '2026-11-20 09:15:11.204+00'),
      risk_level: text('riskLevel', 'low, medium, high, none, or hidden without Entra ID P2', 'medium'),
      risk_detail: text('riskDetail', 'Why the state is what it is; hidden without Entra ID P2', 'userPerformedSecuredPasswordReset'),
      detection_timing: text('detectionTimingType', 'realtime, nearRealtime or offline', 'realtime'),
      activity: text('activity', 'What it is about: signin or user', 'signin'),
      token_issuer_type: text('tokenIssuerType', 'Who issued the token', 'AzureAD'),
      request_id: text(known('requestId'), 'Id of the sign-in it is about', '66ea54eb-6301-4ee5-be62-ff5a759b0100'),
      correlation_id: text(known('correlationId'), 'Correlation id of that sign-in', '3c5a9d10-77aa-4f0e-9b61-cb8c2b1d5e42'),
      user_name: text('userDisplayName', 'Name of the user', 'Megan Bowen'),
      city: text('location.city', 'City of the address', 'Bremen'),
      state: text('location.state', 'State or province of the address', 'Bremen'),
      country: text('location.countryOrRegion', 'Country of the address', 'DE'),
      latitude: double('location.geoCoordinates.latitude', 'Latitude of the city', '53.0758'),
      longitude: double('location.geoCoordinates.longitude', 'Longitude of the city', '8.8072'),
      additional_info: text(
        'additionalInfo',
        'What else is known, as JSON in a text: pairs of Key and Value, such as userAgent and mitreTechniques',
        '[{"Key":"userAgent","Value":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/141.0"}]',
      ),
    },
  ),
});
