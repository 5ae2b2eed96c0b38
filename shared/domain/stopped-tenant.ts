/** Why a job waits although Microsoft would serve it: its tenant stopped being collected. The words stand in the ledger and in logs. */
export const tenantStopped = {
  notConfigured: 'its tenant is not configured',
  otherCloud: 'its tenant does not collect from this cloud any more',
  otherTenant: 'its tenant leads to another Microsoft tenant now',
} as const;

/** Whether a job was parked for one of these reasons. */
export function isTenantStopped(because: string): boolean {
  return Object.values(tenantStopped).some((reason) => reason === because);
}
