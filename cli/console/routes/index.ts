/** Every route that answers one object, by its name. */

import type { AnswerOf, RequestOf, RouteName } from '../../../console/api/routes.ts';
import type { Backend } from '../backend.ts';
import { entity } from './entity.ts';
import { finding, findingCounts, findings, setFinding } from './findings.ts';
import { health } from './health.ts';
import { overview, session } from './overview.ts';
import { queries } from './queries.ts';
import { histogram, record } from './record.ts';
import { compareStream } from './reconcile.ts';
import { allowValues, disallowValues, rules, switchRule } from './rules.ts';
import { disableTenant, enableTenant, neededOf, saveTenant, tenants, testTenant } from './tenants.ts';

type Answer<Name extends RouteName> = (backend: Backend, request: RequestOf<Name>, signal: AbortSignal) => Promise<AnswerOf<Name>>;

/** Each keeps the schema of its name in console/api/routes.ts. */
export const answers: { readonly [Name in RouteName]: Answer<Name> } = {
  session,
  overview,
  findingCounts,
  histogram,
  record,
  entity,
  findings,
  finding,
  setFinding,
  rules,
  switchRule,
  allowValues,
  disallowValues,
  queries,
  tenants,
  saveTenant,
  neededPermissions: neededOf,
  testTenant,
  enableTenant: enableTenant,
  disableTenant,
  health,
  compareStream,
};
