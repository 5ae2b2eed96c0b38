/** Records of Teams (25), Power BI (20), Forms (66) and Copilot (261). */

import type { Person } from '../people.ts';
import { auditBase } from './audit-base.ts';
import { auditAddress, type JsonRecord, type Moment } from './maker.ts';

/** Teams (record type 25). */
export function teams(moment: Moment, person: Person): JsonRecord {
  const { chance, company } = moment;
  const operation = chance.pick([
    'MessageSent',
    'MessageSent',
    'MeetingParticipantDetail',
    'MemberAdded',
    'TeamsSessionStarted',
    'ChannelAdded',
    'MessageUpdated',
  ]);
  const group = chance.guid();
  return {
    ...auditBase(moment, person, { operation, recordType: 25, workload: 'MicrosoftTeams' }),
    ClientIP: auditAddress(moment, person),
    AADGroupId: group,
    CommunicationType: chance.pick(['Team', 'Channel', 'OneOnOne']),
    ExtraProperties: [
      { Key: 'TimeZone', Value: 'Europe/Berlin' },
      { Key: 'OsName', Value: person.device.operatingSystem },
      { Key: 'ClientName', Value: 'skypeteams' },
    ],
    MessageId: String(chance.int(1_700_000_000_000, 1_799_000_000_000)),
    MessageVersion: String(chance.int(1_700_000_000_000, 1_799_000_000_000)),
    MessageURLs: [],
    TeamGuid: `19:${chance.hex(32)}@thread.tacv2`,
    TeamName: chance.pick(['Vertrieb', 'Engineering', 'Café Montréal', 'Project Nordwind']),
    ChannelGuid: `19:${chance.hex(32)}@thread.tacv2`,
    ChannelName: chance.pick(['General', 'Allgemein', 'releases']),
    ChannelType: 'Standard',
    Members:
      operation === 'MemberAdded'
        ? [chance.pick(company.people)].map((one) => ({ DisplayName: one.displayName, Role: 1, UPN: one.userPrincipalName }))
        : [],
    AppAccessContext: { AADSessionId: chance.guid(), CorrelationId: chance.guid() },
    ResourceTenantId: company.tenantId,
    ItemName: chance.hex(24),
  };
}

/** Power BI (record type 20). */
export function powerBi(moment: Moment, person: Person): JsonRecord {
  const { chance } = moment;
  const report = chance.pick(['Umsatz nach Region', 'Pipeline', 'Fehlzeiten', 'Cash position']);
  return {
    ...auditBase(moment, person, {
      operation: chance.pick(['ViewReport', 'ExportReport', 'ShareReport', 'GetDatasets']),
      recordType: 20,
      workload: 'PowerBI',
    }),
    ClientIP: auditAddress(moment, person),
    UserAgent: person.device.userAgent,
    Activity: 'ViewReport',
    ActivityId: chance.guid(),
    ArtifactId: chance.guid(),
    ArtifactKind: 'Report',
    ArtifactName: report,
    CapacityName: 'Shared On Premium - Reserved',
    ConsumptionMethod: 'Power BI Web',
    DatasetId: chance.guid(),
    DatasetName: report,
    DistributionMethod: 'Workspace',
    IsSuccess: true,
    ItemName: report,
    ReportId: chance.guid(),
    ReportName: report,
    ReportType: 'PowerBIReport',
    RequestId: chance.guid(),
    WorkSpaceName: chance.pick(['Controlling', 'Sales EMEA']),
    WorkspaceId: chance.guid(),
    SharingInformation: [],
  };
}

/** Microsoft Forms (record type 66). */
export function forms(moment: Moment, person: Person): JsonRecord {
  const { chance } = moment;
  return {
    ...auditBase(moment, person, {
      operation: chance.pick(['ViewForm', 'CreateResponse', 'EditForm', 'ExportForm']),
      recordType: 66,
      workload: 'MicrosoftForms',
    }),
    ClientIP: auditAddress(moment, person),
    ResultStatus: 'Succeeded',
    ActivityParameters: JSON.stringify({ ResponseId: String(chance.int(1, 900)), ResponderId: person.objectId }),
    FormId: chance.hex(80),
    FormName: chance.pick(['Mitarbeiterumfrage', 'Onboarding checklist', 'Quiz sécurité']),
    FormTypes: ['Form'],
    FormsUserTypes: ['Owner'],
    SourceApp: 'Web',
    UserAgent: person.device.userAgent,
  };
}

/** Copilot (record type 261). */
export function copilot(moment: Moment, person: Person): JsonRecord {
  const { chance, company, at } = moment;
  const site = chance.pick(company.sites);
  return {
    ...auditBase(moment, person, { operation: 'CopilotInteraction', recordType: 261, workload: 'Copilot' }),
    ClientIP: auditAddress(moment, person),
    ClientRegion: chance.pick(['de', 'ie', 'ca']),
    CopilotEventData: {
      AccessedResources: Array.from({ length: chance.int(0, 3) }, () => ({
        Action: 'Read',
        ID: chance.guid(),
        Name: 'Budget.xlsx',
        SiteUrl: `${site.url}${site.library}/Budget.xlsx`,
        Type: 'xlsx',
        SensitivityLabelId: '',
      })),
      AISystemPlugin: [{ Id: 'BingWebSearch', Name: '' }],
      AppHost: chance.pick(['Teams', 'Word', 'Office', 'BizChat']),
      Contexts: [{ Id: `${site.url}${site.library}`, Type: 'docx' }],
      MessageIds: [],
      Messages: [
        { Id: String(at), isPrompt: true },
        { Id: String(at + 1), isPrompt: false },
      ],
      ModelTransparencyDetails: [{ ModelName: 'DEEP_LEO' }],
      ThreadId: `19:${chance.hex(43)}@thread.v2`,
    },
  };
}
