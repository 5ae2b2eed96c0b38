/** The findings of cdk-nag against their acknowledgements. */

import { Validations, type App } from 'aws-cdk-lib';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
  type NagPack,
} from 'cdk-nag';
import { z } from 'zod';

interface Finding {
  readonly rule: string;
  /** Paths of constructs. */
  readonly places: readonly string[];
}
/** What cdk-nag found: acknowledged with a reason, left without one, and acknowledgements that nothing needs. */
export interface Review {
  readonly acknowledged: readonly (Finding & { readonly reason: string })[];
  readonly left: readonly Finding[];
  /** Acknowledgements that answer no finding. */
  readonly stale: readonly Finding[];
}

const packs = (app: App): NagPack[] => [
  new AwsSolutionsChecks(app),
  new ServerlessChecks(app),
  new NIST80053R5Checks(app),
  new HIPAASecurityChecks(app),
  new NIST80053R4Checks(app),
  new PCIDSS321Checks(app),
];

/** Looks at the constructs, so that no template has to be made. */
export function reviewFindings(app: App): Review {
  const findings = packs(app).flatMap((pack) => findingsOf(pack, app));
  const given = acknowledgements(app);
  const answers = (one: Acknowledgement, { rule, place }: Place): boolean => one.rule === rule && `${place}/`.startsWith(`${one.place}/`);
  const withReason = findings.map((finding) => ({ ...finding, reason: given.find((one) => answers(one, finding))?.reason }));
  const stale = given.filter((one) => isOfNag(one) && !findings.some((finding) => answers(one, finding)));
  return {
    acknowledged: grouped(withReason.filter((one) => one.reason !== undefined)).map((group) => ({ ...group, reason: group.reason ?? '' })),
    left: grouped(withReason.filter((one) => one.reason === undefined)),
    stale: grouped(stale),
  };
}

interface Place {
  readonly rule: string;
  readonly place: string;
  readonly reason?: string | undefined;
}
interface Acknowledgement extends Place {
  readonly reason: string;
}

/** Every finding, acknowledged or not. */
function findingsOf(pack: NagPack, app: App): Place[] {
  Object.defineProperty(pack, 'isAcknowledged', { value: () => false });
  const { violations } = pack.validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => ({ rule: ruleName, place: constructPath ?? '' })),
  );
}

const Reasons = z.record(z.string(), z.string());

function acknowledgements(app: App): Acknowledgement[] {
  const entries = app.node
    .findAll()
    .flatMap(({ node }) => node.metadata.map(({ type, data }) => ({ type, data: data as unknown, place: node.path })));
  return entries
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data, place }) =>
      Object.entries(Reasons.parse(data)).map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), reason, place })),
    );
}

/** The others are of CDK's own warnings. */
const isOfNag = ({ rule }: Place): boolean => !rule.startsWith('@');

function grouped(places: readonly Place[]): (Finding & { readonly reason?: string | undefined })[] {
  const groups = Map.groupBy(places, ({ rule, reason }) => `${rule} ${String(reason)}`);
  return [...groups.values()].map((group) => ({
    rule: group[0]?.rule ?? '',
    reason: group[0]?.reason,
    places: group.map(({ place }) => place),
  }));
}
