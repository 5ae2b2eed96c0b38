import { common, type Specimen } from './specimens.ts';

/** Records of Audit.General. */
export const general: readonly Specimen[] = [
  {
    name: 'a compliance cmdlet has its parameters as a text',
    logType: 'audit-general',
    record: { ...common, RecordType: 18, Operation: 'New-DlpComplianceRule', Parameters: '-Name "x"', ResultStatus: 'Success' },
    reads: { parameters: null, parameters_text: '-Name "x"', outcome: 'success' },
  },
  {
    name: 'a Skype cmdlet has them as a list',
    logType: 'audit-general',
    record: { ...common, RecordType: 23, Parameters: [{ Name: 'Identity', Value: 'Global' }] },
    reads: { parameters: [{ key: 'Identity', value: 'Global' }] },
  },
  {
    name: 'a Teams record names team and members',
    logType: 'audit-general',
    record: {
      ...common,
      RecordType: 25,
      Operation: 'MemberAdded',
      TeamGuid: '19:x@thread.tacv2',
      TeamName: 'Research',
      Members: [{ UPN: 'eve@fabrikam.example', Role: 2 }],
      AddOnType: 3,
    },
    reads: {
      outcome: 'success',
      target_id: '19:x@thread.tacv2',
      target_name: 'Research',
      members: [{ upn: 'eve@fabrikam.example', name: null, role: '2' }],
      add_on_type: 'tab',
    },
  },
  {
    name: 'a result that is stated is surer than the name of the operation',
    logType: 'audit-general',
    record: { ...common, RecordType: 25, Operation: 'MemberAdded', ResultStatus: 'Failed' },
    reads: { outcome: 'failure' },
  },
  {
    name: 'an alert leaves the outcome open',
    logType: 'audit-general',
    record: { ...common, RecordType: 40, Operation: 'AlertTriggered' },
    reads: { outcome: 'unknown' },
  },
  {
    name: 'a Power BI record fails by its flag',
    logType: 'audit-general',
    record: { ...common, RecordType: 20, Operation: 'ViewReport', IsSuccess: false, WorkspaceName: 'Sales' },
    reads: { outcome: 'failure', workspace_name: 'Sales', is_success: false },
  },
  {
    name: 'an address of Copilot that is none is none',
    logType: 'audit-general',
    record: {
      ...common,
      RecordType: 261,
      ClientIP: 'ffff:192.0.2.7',
      CopilotEventData: { AppHost: 'Word', Messages: [{ Id: '1', isPrompt: true }] },
    },
    reads: { source_ip: null, copilot_app_host: 'Word', copilot_messages: [{ id: '1', is_prompt: true }] },
  },
];
