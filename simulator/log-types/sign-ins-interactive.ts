/** Sign-ins of people at a browser or an app. */

import { addressOf, type JsonRecord, type Moment } from '../seed-data/maker.ts';
import { correctSignIn, personSignIn } from '../seed-data/person-sign-in.ts';
import { correctedLater } from '../seed-data/seeded-versions.ts';
import { signInCollection } from '../sign-in-collection.ts';
import type { GraphLogType } from './log-type.ts';

/** Served by beta alone, except the interactive ones; all four share one collection. */
export const signInsInteractive: GraphLogType = {
  kind: 'graph',
  id: 'sign-ins-interactive',
  collection: signInCollection,
  eventType: 'interactiveUser',
  seedData: { perDay: 900, versions: correctedLater(interactiveSignIn, correctSignIn) },
};

function interactiveSignIn(moment: Moment): JsonRecord {
  const person = moment.chance.pick(moment.company.people);
  return personSignIn(moment, {
    person,
    address: addressOf(moment, person),
    place: person.place,
    errorCode: usualError(moment),
    isInteractive: true,
  });
}

function usualError({ chance }: Moment): number {
  return chance.weighted<number>([
    [88, 0],
    [5, 50126],
    [3, 50140],
    [2, 50074],
    [1, 53003],
    [1, 500121],
  ]);
}
