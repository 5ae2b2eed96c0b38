import type { Deployment } from '../../shared/domain/deployment.ts';

/** Where the test of a tenant runs. */
export type CheckPlace =
  /**
   * This machine. `simulator` is the base URL of a simulator that every request goes to instead of Microsoft;
   * `sameTenants` are the options that lead another command to the tenants file.
   */
  | { readonly kind: 'machine'; readonly tenantsFile: string; readonly sameTenants: string; readonly simulator?: string }
  /** The deployed check function: its role, its network, its credentials. */
  | { readonly kind: 'aws'; readonly deployment: Deployment };
