/** The handler of the sweep. */

import type { Context } from 'aws-lambda';
import { seconds } from '../../shared/domain/window.ts';
import { connectStores, type StoreAdapters } from '../connect.ts';
import { readEnvironment, sweepEnvironment } from '../environment.ts';
import { sweep } from './sweep.ts';

/** How long the invocation may still take, in ms. */
export type RunContext = Pick<Context, 'getRemainingTimeInMillis'>;

/** A batch that was begun needs this long to be sent. */
const batchMs = seconds(20);

/** @throws When a store fails: what was moved on and not sent is found again by a later sweep. */
export function makeSweepHandler(adapters: StoreAdapters): (event: unknown, context: RunContext) => Promise<void> {
  return async (_event, context) => {
    await sweep({ ...adapters, deadline: adapters.clock.now() + context.getRemainingTimeInMillis() - batchMs });
  };
}

let made: ReturnType<typeof makeSweepHandler> | undefined;

/** What Lambda calls. */
export async function handler(event: unknown, context: Context): Promise<void> {
  made ??= makeSweepHandler(connectStores(readEnvironment(sweepEnvironment, process.env)));
  await made(event, context);
}
