/** What an attacker would put into a text that somebody looks at. Each would be seen: a request that leaves, or a script that runs. */

const leak = 'https://leak.example/x';

export const payloads: readonly string[] = [
  `<img src="${leak}" onerror="window.ran=1">`,
  `<script>window.ran=2</script>`,
  `"><svg onload=window.ran=3><a href="javascript:window.ran=4">`,
  `javascript:window.ran=5//`,
  `{{constructor.constructor('window.ran=6')()}}\${window.ran=7}`,
  `</textarea></title></style><iframe srcdoc="<script>parent.ran=8</script>">`,
  `@import url(${leak}); url(${leak})`,
  '\u202egnp.exe\u2066\u200b\u0000\u0007\u001b]8;;https://leak.example\u0007link\u001b]8;;\u0007\u001b[2J',
  `=HYPERLINK("${leak}","x")`,
  `+cmd|'/C calc'!A0`,
  `'; DROP TABLE m365_activity; --`,
  `\\u003cscript\\u003ewindow.ran=9\\u003c/script\\u003e`,
];

/** Every text of a record replaced, but those by which Microsoft's records are known; of one a megabyte. */
function hostile(record: unknown, at: number): unknown {
  let n = at;
  const replace = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string')
      return kept.test(key) || /^\d{4}-\d\d-\d\dT/.test(value) ? value : (payloads[n++ % payloads.length] ?? '');
    if (Array.isArray(value)) return value.map((one) => replace(one, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replace(one, name)]));
  };
  return replace(record);
}

const kept = /^(?:id|Id|Workload|OrganizationId|tenantId|.*(?:Time|DateTime))$/;

/** A record of each kind, with the texts that screens show; at a time within the last hours. */
export function hostileRecords(now: number): Readonly<Record<string, readonly unknown[]>> {
  const time = (at: number): string => new Date(now - 3_600_000 - at * 1_000).toISOString().slice(0, 19);
  const texts = {
    ObjectId: '',
    UserId: '',
    UserAgent: '',
    ClientIP: '',
    Operation: '',
    ResultStatus: '',
    SourceFileName: '',
    Subject: '',
    Parameters: [{ Name: '', Value: '' }],
  };
  const unified = (Workload: string, RecordType: number) => (at: number) => ({
    ...texts,
    Id: guid(at),
    CreationTime: time(at),
    OrganizationId: tenant,
    RecordType,
    UserType: 0,
    UserKey: '',
    Workload,
  });
  const device = { displayName: '', operatingSystem: '', browser: '' };
  const signIn = (at: number) => ({
    ...{
      id: guid(at),
      createdDateTime: `${time(at)}Z`,
      userPrincipalName: '',
      userDisplayName: '',
      ipAddress: '',
      appDisplayName: '',
      userAgent: '',
    },
    ...{ deviceDetail: device, location: { city: '', state: '', countryOrRegion: '' }, status: { errorCode: 50126, failureReason: '' } },
  });
  const audit = (at: number) => ({
    ...{
      id: `Directory_${guid(at)}`,
      activityDateTime: `${time(at)}Z`,
      activityDisplayName: '',
      category: '',
      result: 'success',
      resultReason: '',
    },
    ...{
      initiatedBy: { user: { userPrincipalName: '', displayName: '' } },
      targetResources: [{ displayName: '', userPrincipalName: '', type: '' }],
    },
  });
  const all = {
    'audit-exchange': unified('Exchange', 1),
    'audit-sharepoint': unified('SharePoint', 6),
    'audit-general': unified('MicrosoftTeams', 25),
    'sign-ins-interactive': signIn,
    'directory-audits': audit,
  };
  const long = `<img src=x onerror="window.ran=10">${'A'.repeat(1_000_000)}`;
  return Object.fromEntries(
    Object.entries(all).map(([logType, make], kind) => {
      const records = payloads.map((_, at) => hostile(make(kind * 100 + at), at));
      return [
        logType,
        logType === 'audit-exchange' ? [...records, { ...(hostile(make(999), 0) as object), ObjectId: long, UserAgent: long }] : records,
      ];
    }),
  );
}

const tenant = '6f1c2a52-0a5d-4c7e-9d38-3c0d8f1b7a10';
const guid = (at: number): string => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
