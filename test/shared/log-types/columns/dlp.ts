import { common, type Specimen } from './specimens.ts';

const rule = {
  RuleName: 'High volume',
  Severity: 'High',
  Actions: ['BlockAccess'],
  ConditionsMatched: {
    SensitiveInformation: [
      { SensitiveType: 'a1', Count: 2, Confidence: 75 },
      { SensitiveType: 'b2', SensitiveInformationTypeName: 'Card', Count: 3, Confidence: 85 },
    ],
  },
};
const match = {
  ...common,
  RecordType: 13,
  Operation: 'DlpRuleMatch',
  PolicyDetails: [{ PolicyName: 'Finance', Rules: [rule] }],
  ExchangeMetaData: { From: 'ada@contoso.example', To: ['eve@fabrikam.example'], CC: ['eve@fabrikam.example'], Subject: 'Cards' },
};
/** DLP records. */
export const dlp: readonly Specimen[] = [
  {
    name: 'a match says what was found and what was done',
    logType: 'dlp-all',
    record: match,
    reads: {
      policy_names: ['Finance'],
      severities: ['High'],
      actions: ['BlockAccess'],
      sensitive_types: ['Card', 'a1', 'b2'],
      sensitive_count: '5',
      highest_confidence: '85',
      recipients: ['eve@fabrikam.example'],
      target_name: 'Cards',
      outcome: 'unknown',
    },
  },
  {
    name: 'an override is read from an object',
    logType: 'dlp-all',
    record: { ...match, ExceptionInfo: { Reason: 'Override', Justification: 'it is mine' } },
    reads: { exception_reason: 'Override', exception_justification: 'it is mine' },
  },
  {
    name: 'and from JSON in a text',
    logType: 'dlp-all',
    record: { ...match, ExceptionInfo: '{"Justification":"it is mine","FalsePositive":true}' },
    reads: { exception_justification: 'it is mine', is_false_positive: 'true' },
  },
  {
    name: 'a file has its times in either spelling',
    logType: 'dlp-all',
    record: { ...match, SharePointMetaData: { itemCreationTime: '2026-11-20T11:23:45', ItemLastSharedTime: '0001-01-02T00:00:00' } },
    reads: { item_created_time: '2026-11-20 11:23:45+00', item_shared_time: null },
  },
];
