/** Sign-ins of apps with a secret, a certificate or a federated credential of their own. */

import { cloudPlace } from '../places.ts';
import type { JsonRecord, Moment } from '../seed-data/maker.ts';
import { correctedLater } from '../seed-data/seeded-versions.ts';
import { correctServiceSignIn, serviceSignIn } from '../seed-data/service-sign-in.ts';
import { signInCollection } from '../sign-in-collection.ts';
import type { GraphLogType } from './log-type.ts';

/** Served by beta alone, except the interactive ones; all four share one collection. */
export const signInsServicePrincipal: GraphLogType = {
  kind: 'graph',
  id: 'sign-ins-service-principal',
  collection: signInCollection,
  eventType: 'servicePrincipal',
  seedData: { perDay: 800, versions: correctedLater(servicePrincipalSignIn, correctServiceSignIn) },
};

function servicePrincipalSignIn(moment: Moment): JsonRecord {
  const service = moment.chance.pick(moment.company.services);
  const errorCode = moment.chance.chance(0.97) ? 0 : moment.chance.pick([7000215, 7000222, 700213]);
  return serviceSignIn(moment, { service, address: service.address, place: cloudPlace, errorCode, eventType: 'servicePrincipal' });
}
