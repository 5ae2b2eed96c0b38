/** Records in the shapes of Microsoft's APIs, with what a query looks at and as little besides. */

export type JsonRecord = Readonly<Record<string, unknown>>;

/** `at('18 08:00')` is 2026-11-18T08:00:00Z; every plant lives in that month. */
export function at(dayAndTime: string): string {
  const [day = '', time = ''] = dayAndTime.split(' ');
  return `2026-11-${day}T${time.length === 5 ? `${time}:00` : time}Z`;
}

/** Times a minute apart. */
export function minutesFrom(dayAndTime: string, count: number): string[] {
  const start = Date.parse(at(dayAndTime));
  return Array.from({ length: count }, (_, index) => new Date(start + index * 60_000).toISOString().replace('.000Z', 'Z'));
}

export const upn = (name: string): string => `${name}@contoso.example`;

let records = 0;
function nextId(): string {
  records += 1;
  return `00000000-0000-4000-8000-${String(records).padStart(12, '0')}`;
}

export const places = {
  berlin: { city: 'Berlin', countryOrRegion: 'DE', geoCoordinates: { latitude: 52.52, longitude: 13.405 } },
  hamburg: { city: 'Hamburg', countryOrRegion: 'DE', geoCoordinates: { latitude: 53.55, longitude: 9.993 } },
  tokyo: { city: 'Tokyo', countryOrRegion: 'JP', geoCoordinates: { latitude: 35.68, longitude: 139.69 } },
  lagos: { city: 'Lagos', countryOrRegion: 'NG', geoCoordinates: { latitude: 6.45, longitude: 3.39 } },
} as const;

/** A sign-in of Graph. */
export function signIn(time: string, name: string, more: JsonRecord & { readonly errorCode?: number } = {}): JsonRecord {
  const { errorCode = 0, ...fields } = more;
  return {
    id: nextId(),
    createdDateTime: time,
    userId: `id-of-${name}`,
    userPrincipalName: upn(name),
    userType: 'member',
    appId: 'a99c0de0-0000-4000-8000-000000000002',
    appDisplayName: 'Outlook',
    ipAddress: '198.51.100.20',
    clientAppUsed: 'Browser',
    authenticationRequirement: 'multiFactorAuthentication',
    conditionalAccessStatus: 'notApplied',
    resourceDisplayName: 'Office 365 Exchange Online',
    resourceId: '00000002-0000-0ff1-ce00-000000000000',
    status: { errorCode, failureReason: errorCode === 0 ? 'Other.' : 'Invalid username or password.' },
    deviceDetail: { isManaged: false, isCompliant: false },
    location: places.berlin,
    ...fields,
  };
}

export interface Change {
  readonly by?: string;
  readonly target?: JsonRecord;
  readonly modified?: readonly (readonly [name: string, newValue: string])[];
  readonly more?: JsonRecord;
}

/** A directory audit of Graph. */
export function directoryAudit(
  time: string,
  activity: string,
  { by = 'eve', target = {}, modified = [], more = {} }: Change = {},
): JsonRecord {
  return {
    id: `Directory_${nextId()}`,
    activityDateTime: time,
    activityDisplayName: activity,
    category: 'Directory',
    result: 'success',
    loggedByService: 'Core Directory',
    initiatedBy: { user: { id: `id-of-${by}`, userPrincipalName: upn(by), ipAddress: '203.0.113.5' } },
    targetResources: [
      { ...target, modifiedProperties: modified.map(([displayName, newValue]) => ({ displayName, oldValue: null, newValue })) },
    ],
    ...more,
  };
}

export const user = (name: string): JsonRecord => ({ id: `id-of-${name}`, displayName: name, userPrincipalName: upn(name), type: 'User' });
export const thing = (displayName: string, type = 'Other'): JsonRecord => ({ id: `id-of-${displayName}`, displayName, type });

function audit(time: string, operation: string, by: string, more: JsonRecord): JsonRecord {
  return {
    CreationTime: time.replace('Z', ''),
    Id: nextId(),
    Operation: operation,
    OrganizationId: '11111111-1111-4111-8111-111111111111',
    UserKey: `key-of-${by}`,
    UserType: 0,
    UserId: upn(by),
    ClientIP: '203.0.113.5',
    ...more,
  };
}

/** A change of the directory as the Management API reports it. */
export function entraChange(
  time: string,
  operation: string,
  { by = 'eve', target = {}, modified = [], more = {} }: Change = {},
): JsonRecord {
  return audit(time, operation, by, {
    RecordType: 8,
    Workload: 'AzureActiveDirectory',
    ResultStatus: 'Success',
    Target: Object.entries(target).map(([type, id]) => ({ ID: id, Type: Number(type) })),
    ModifiedProperties: modified.map(([Name, NewValue]) => ({ Name, NewValue, OldValue: '' })),
    ...more,
  });
}

/** A sign-in as the Management API reports it. */
export function entraSignIn(
  time: string,
  name: string,
  { errorCode = 0, requestType = 'OAuth2:Authorize', userAgent = 'Mozilla/5.0', more = {} }: ManagementSignIn = {},
): JsonRecord {
  return audit(time, errorCode === 0 ? 'UserLoggedIn' : 'UserLoginFailed', name, {
    RecordType: 15,
    Workload: 'AzureActiveDirectory',
    ResultStatus: 'Success',
    ObjectId: '00000002-0000-0ff1-ce00-000000000000',
    ErrorNumber: String(errorCode),
    ...(errorCode === 50126 ? { LogonError: 'InvalidUserNameOrPassword' } : {}),
    ExtendedProperties: [
      { Name: 'ResultStatusDetail', Value: 'Success' },
      { Name: 'UserAgent', Value: userAgent },
      { Name: 'RequestType', Value: requestType },
    ],
    Target: [{ ID: '00000002-0000-0ff1-ce00-000000000000', Type: 0 }],
    ...more,
  });
}

interface ManagementSignIn {
  readonly errorCode?: number;
  readonly requestType?: string;
  readonly userAgent?: string;
  readonly more?: JsonRecord;
}

/** Ids of a target of Entra as the Management API lists them. */
export function entraTarget(kind: string, id: string, { name, upn: upnOf }: { readonly name?: string; readonly upn?: string }): JsonRecord {
  const ids: readonly (readonly [string, number])[] = [
    [`${kind}_${id}`, 2],
    [id, 2],
    [kind, 2],
    ...(name === undefined ? [] : [[name, 1] as const]),
    ...(upnOf === undefined ? [] : [[upnOf, 5] as const]),
  ];
  return { ObjectId: upnOf ?? `${kind}_${id}`, Target: ids.map(([ID, Type]) => ({ ID, Type })) };
}

/** A cmdlet of an Exchange administrator, or of somebody in their own mailbox. */
export function cmdlet(
  time: string,
  by: string,
  operation: string,
  parameters: Readonly<Record<string, string>> = {},
  more: JsonRecord = {},
): JsonRecord {
  return audit(time, operation, by, {
    RecordType: 1,
    Workload: 'Exchange',
    ResultStatus: 'True',
    Parameters: Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })),
    ...more,
  });
}

/** Something done in a mailbox. */
export function mailbox(time: string, by: string, operation: string, more: JsonRecord = {}): JsonRecord {
  return audit(time, operation, by, {
    RecordType: 2,
    Workload: 'Exchange',
    ResultStatus: 'Succeeded',
    MailboxOwnerUPN: upn(by),
    LogonType: 0,
    ClientInfoString: 'Client=OWA',
    ...more,
  });
}

/** An inbox rule that Outlook made: what it does is JSON in a text. */
export function outlookRule(
  time: string,
  by: string,
  name: string,
  actions: readonly JsonRecord[],
  RuleOperation = 'AddMailboxRule',
): JsonRecord {
  const properties = {
    RuleOperation,
    RuleState: 'Enabled',
    RuleName: name,
    RuleProvider: 'RuleOrganizer',
    RuleActions: JSON.stringify(actions),
  };
  return mailbox(time, by, 'UpdateInboxRules', {
    OperationProperties: Object.entries(properties).map(([Name, Value]) => ({ Name, Value })),
  });
}

/** Something done with a file of SharePoint or OneDrive. */
export function file(time: string, by: string, operation: string, name: string, more: JsonRecord = {}): JsonRecord {
  return audit(time, operation, by, {
    RecordType: 6,
    Workload: 'SharePoint',
    ObjectId: `https://contoso.example/sites/sales/${name}`,
    SiteUrl: 'https://contoso.example/sites/sales/',
    SourceFileName: name,
    SourceFileExtension: name.split('.')[1] ?? '',
    ItemType: 'File',
    UserAgent: 'Mozilla/5.0',
    ...more,
  });
}

/** A record of DLP.All. */
export function dlpRecord(time: string, by: string, operation: string, policy: string, more: JsonRecord = {}): JsonRecord {
  return audit(time, operation, by, {
    RecordType: 11,
    Workload: 'SharePoint',
    IncidentId: nextId(),
    PolicyDetails: [
      {
        PolicyId: `id-of-${policy}`,
        PolicyName: policy,
        Rules: [
          {
            RuleName: `${policy} rule`,
            Severity: 'High',
            ConditionsMatched: { SensitiveInformation: [{ SensitiveInformationTypeName: 'Credit Card Number', Count: 3, Confidence: 85 }] },
          },
        ],
      },
    ],
    ...more,
  });
}

/** A record of Audit.General. */
export function general(time: string, by: string, operation: string, more: JsonRecord = {}): JsonRecord {
  return audit(time, operation, by, { RecordType: 25, Workload: 'MicrosoftTeams', ...more });
}

/** An alert of Graph, in one of its versions. */
export function alert(id: string, time: string, title: string, more: JsonRecord = {}): JsonRecord {
  return {
    id,
    createdDateTime: time,
    lastUpdateDateTime: time,
    title,
    status: 'new',
    severity: 'high',
    serviceSource: 'microsoftDefenderForOffice365',
    incidentId: '71',
    ...more,
  };
}
