/**
 * Where rules have their words from, beside those that queries have as well (queries/sources.ts): the page of Microsoft's, or the public project
 * that reports them where no page does. A rule with a word that nobody writes finds nothing, and its own tests do not show it.
 */

/** One place that words come from. */
export interface RuleWordSource {
  /** A page of Microsoft's. */
  readonly page?: string;
  /** A public project that reports them. */
  readonly project?: string;
  /** What to know of them. */
  readonly note?: string;
  /** `%` for any text, as in LIKE. */
  readonly words: readonly string[];
}

const list = (...lines: readonly string[]): string[] => lines.flatMap((line) => line.split(' | '));

/** Every source, with its words. */
export const ruleWordSources: readonly RuleWordSource[] = [
  {
    page: 'https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities',
    note: 'Privileged identity management writes the role as a target of its records, not among the changed properties.',
    words: list(
      'Add app role assignment to service principal | Consent to application | Set domain authentication | Set federation settings on domain',
      'Update conditional access policy | Delete conditional access policy | Update named location | Delete named location | Hard Delete user',
      'Authentication Methods Policy Update | Admin deleted security info | Admin registered security info | Admin updated security info',
      'Add member to role | Add eligible member to role | Add member to role in PIM completed (permanent) | Add member to role in PIM completed (timebound)',
      'Add eligible member to role in PIM completed (permanent) | Add eligible member to role in PIM completed (timebound)',
    ),
  },
  {
    page: 'https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference',
    words: list(
      '%Global Administrator% | %Privileged Role Administrator% | %Privileged Authentication Administrator% | %Security Administrator%',
      '%Exchange Administrator% | %SharePoint Administrator% | %Application Administrator% | %Cloud Application Administrator%',
      '%Conditional Access Administrator% | %Authentication Administrator% | %User Administrator% | %Hybrid Identity Administrator% | %Intune Administrator%',
    ),
  },
  {
    project: 'https://github.com/elastic/detection-rules',
    note: 'The name that the directory itself has for the Global Administrator.',
    words: list('%Company Administrator%'),
  },
  {
    project: 'https://github.com/Azure/Azure-Sentinel',
    note: 'Privileged identity management as the one who acts, in records of the directory.',
    words: list('MS-PIM'),
  },
  {
    page: 'https://learn.microsoft.com/graph/permissions-reference',
    words: list(
      '%RoleManagement.ReadWrite.Directory% | %AppRoleAssignment.ReadWrite.All% | %Application.ReadWrite.All% | %Directory.ReadWrite.All%',
      '%Mail.ReadWrite% | %Mail.Send% | %Files.ReadWrite.All% | %Sites.FullControl.All%',
    ),
  },
  {
    page: 'https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth',
    words: list('%full_access_as_app%'),
  },
  {
    page: 'https://learn.microsoft.com/defender-office-365/detect-and-remediate-illicit-consent-grants',
    words: list('ConsentContext.IsAdminConsent | %True%'),
  },
  {
    page: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
    note: '0 is a sign-in without an error.',
    words: list('0 | 7000215'),
  },
  {
    page: 'https://learn.microsoft.com/powershell/module/exchange/',
    note: 'Cmdlets, their parameters and values. -1 of SetSCL lets mail past the filter against spam.',
    words: list(
      'Remove-AntiPhishPolicy | Remove-AntiPhishRule | Disable-AntiPhishRule | Remove-MalwareFilterPolicy | Remove-MalwareFilterRule | Disable-MalwareFilterRule',
      'Remove-SafeLinksPolicy | Remove-SafeLinksRule | Disable-SafeLinksRule | Remove-SafeAttachmentPolicy | Remove-SafeAttachmentRule',
      'Disable-SafeAttachmentRule | Remove-HostedContentFilterPolicy | Set-DkimSigningConfig | Enabled | SetSCL | -1 | ForwardingSmtpAddress',
      'Default | Anonymous | None | AvailabilityOnly | LimitedDetails | %FullAccess% | %NT AUTHORITY%',
    ),
  },
  {
    page: 'https://learn.microsoft.com/exchange/permissions-exo/permissions-exo',
    words: list('%Discovery Management%'),
  },
  {
    page: 'https://learn.microsoft.com/purview/audit-log-activities',
    note: 'What SharePoint does for an application has app@sharepoint as its user.',
    words: list('SharingPolicyChanged | Send | app@sharepoint'),
  },
  {
    page: 'https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema',
    note: 'Why a policy against data loss was not applied.',
    words: list('Override'),
  },
  {
    project: 'https://github.com/SEKOIA-IO/documentation',
    note: 'Records of clicks on links.',
    words: list('TIUrlClickData'),
  },
];
