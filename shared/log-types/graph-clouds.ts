import type { CloudId } from '../clouds.ts';

/**
 * Where Graph serves audit logs, sign-ins and alerts. Named one by one: Graph has clouds without them (China, operated by 21Vianet), so a
 * cloud that is added to the table offers these log types only once it stands here.
 *
 * @see https://learn.microsoft.com/graph/api/directoryaudit-list
 * @see https://learn.microsoft.com/graph/api/security-list-alerts_v2
 */
export const graphClouds: readonly CloudId[] = ['global', 'us-gov-l4', 'us-gov-l5'];
