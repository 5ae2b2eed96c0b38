/** Sign-ins that an app made for a person, with a token it had. */

import { addressOf, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import { correctSignIn, personSignIn } from '../seed-data/person-sign-in.ts';
import { correctedLater } from '../seed-data/seeded-versions.ts';
import { signInCollection } from '../sign-in-collection.ts';
import type { GraphLogType } from './log-type.ts';

/** Served by beta alone, except the interactive ones; all four share one collection. */
export const signInsNonInteractive: GraphLogType = {
  kind: 'graph',
  id: 'sign-ins-non-interactive',
  collection: signInCollection,
  eventType: 'nonInteractiveUser',
  seedData: { perDay: 1_200, versions: correctedLater(nonInteractiveSignIn, correctSignIn) },
};

function nonInteractiveSignIn(moment: Moment): JsonRecord {
  const person = moment.chance.pick(moment.company.people);
  const errorCode = moment.chance.chance(0.97) ? 0 : moment.chance.pick([50173, 65001, 700082]);
  return personSignIn(moment, { person, address: addressOf(moment, person), place: person.place, errorCode, isInteractive: false });
}
