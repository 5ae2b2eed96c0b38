/** Sign-ins of managed identities: no address, for Azure makes them itself. */

import type { JsonRecord, Moment } from '../seed-data/maker.ts';
import { correctedLater } from '../seed-data/seeded-versions.ts';
import { correctServiceSignIn, serviceSignIn } from '../seed-data/service-sign-in.ts';
import { signInCollection } from '../sign-in-collection.ts';
import type { GraphLogType } from './log-type.ts';

/** Served by beta alone, except the interactive ones; all four share one collection. */
export const signInsManagedIdentity: GraphLogType = {
  kind: 'graph',
  id: 'sign-ins-managed-identity',
  collection: signInCollection,
  eventType: 'managedIdentity',
  seedData: { perDay: 350, versions: correctedLater(managedIdentitySignIn, correctServiceSignIn) },
};

function managedIdentitySignIn(moment: Moment): JsonRecord {
  const service = moment.chance.pick(moment.company.managedIdentities);
  return serviceSignIn(moment, { service, address: '', place: undefined, errorCode: 0, eventType: 'managedIdentity' });
}
