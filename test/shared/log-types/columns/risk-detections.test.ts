import { describe, test } from '@jest/globals';
import { readingColumns, type Specimen } from './specimens.ts';

const expectReads = readingColumns();

describe('risk detections', () => {
  test.each<Specimen>([
    {
      name: 'of a sign-in: who, from where, and which sign-in it was',
      logType: 'risk-detections',
      record: {
        id: '6a5874ca',
        requestId: '66ea54eb-6301-4ee5-be62-ff5a759b0100',
        correlationId: '00000000-0000-0000-0000-000000000000',
        riskEventType: 'unfamiliarFeatures',
        riskState: 'atRisk',
        riskLevel: 'medium',
        riskDetail: 'none',
        source: 'IdentityProtection',
        detectionTimingType: 'realtime',
        activity: 'signin',
        tokenIssuerType: 'AzureAD',
        ipAddress: '192.0.2.7',
        location: { city: 'Lagos', countryOrRegion: 'NG', geoCoordinates: { latitude: 6.45407, longitude: 3.39467 } },
        activityDateTime: '2026-11-22T04:05:08.1234567Z',
        detectedDateTime: '2026-11-22T04:05:09Z',
        lastUpdatedDateTime: '2026-11-22T05:00:00Z',
        userId: 'u1',
        userPrincipalName: 'ada@contoso.example',
        additionalInfo: '[{"Key":"userAgent","Value":"curl/8"}]',
      },
      reads: {
        event_time: '2026-11-22 04:05:08.123456+00',
        last_update_time: '2026-11-22 05:00:00+00',
        operation: 'unfamiliarFeatures',
        actor_upn: 'ada@contoso.example',
        source_ip: '192.0.2.7',
        outcome: 'unknown',
        result_code: 'atRisk',
        request_id: '66ea54eb-6301-4ee5-be62-ff5a759b0100',
        correlation_id: null,
        country: 'NG',
        latitude: 6.45407,
        additional_info: '[{"Key":"userAgent","Value":"curl/8"}]',
      },
    },
    {
      name: 'of a user: no sign-in, no address, and the time of the detection where no other is told',
      logType: 'risk-detections',
      record: {
        id: 'x',
        riskEventType: 'leakedCredentials',
        requestId: null,
        ipAddress: null,
        location: null,
        detectedDateTime: '2026-11-22T04:05:09Z',
      },
      reads: { event_time: '2026-11-22 04:05:09+00', request_id: null, source_ip: null, country: null, service: 'IdentityProtection' },
    },
  ])('$name', expectReads);
});
