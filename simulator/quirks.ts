/** What Microsoft does not document, or does in more than one way: each can be set, so that no client can rely on one of them. */
export interface Quirks {
  /** Rows of a content listing; Microsoft's is unknown. */
  readonly contentPageSize: number;
  /** Name and letter case of the header: `NextPageUri` in the reference, `NextPageUrl` in the troubleshooting page. */
  readonly nextPageHeader: string;
  /** The reference's example of a next page has `/api/v1/` and no PublisherIdentifier. */
  readonly nextPagePath: 'v1' | 'v1.0';
  /** Windows of more than 24 hours are refused, or answered in part without a word. */
  readonly longWindows: 'refused' | 'partial';
  /** The default size of a Graph page; `$top` lowers it. */
  readonly graphPageSize: number;
  /** One page in so many is empty although more follow; 0: none is. */
  readonly emptyPageEvery: number;
  /** The first alerts API (v1): 200 and an empty list since Microsoft retired it on 2026-10-15, or as before. */
  readonly legacyAlerts: 'until-retired' | 'served';
  /** Collections that the clouds of Graph do not have, such as `auditLogs/signIns`. */
  readonly notOffered: readonly string[];
}

/** What a client meets unless a test says otherwise. */
export const usualQuirks: Quirks = {
  contentPageSize: 50,
  nextPageHeader: 'NextPageUri',
  nextPagePath: 'v1',
  longWindows: 'refused',
  graphPageSize: 1_000,
  emptyPageEvery: 12,
  legacyAlerts: 'until-retired',
  notOffered: [],
};
