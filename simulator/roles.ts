import { graphCollections } from './log-types/index.ts';

/** The roles of a fully consented app: what every log type needs, and what makes its records complete. */
export const everyRole: readonly string[] = [
  'ActivityFeed.Read',
  'ActivityFeed.ReadDlp',
  ...new Set(graphCollections.flatMap(({ permissions }) => permissions.slice(0, 1))),
  'Directory.Read.All',
  'Policy.Read.ConditionalAccess',
];
