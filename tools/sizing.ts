/** `npm run sizing -- --tenants 40 --users 3000 --events 80`: what a deployment of this size needs (docs/sizing.md). */

import { parseArgs } from 'node:util';
import { measuredFigures, sizingTable } from './sizing/sizing-page.ts';

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '1' },
    users: { type: 'string', default: '500' },
    events: { type: 'string', default: '50' },
  },
});

const size = { tenants: wholeNumber('tenants'), users: wholeNumber('users'), events: wholeNumber('events') };
process.stdout.write(`${sizingTable([size], measuredFigures())}\n`);

function wholeNumber(name: 'tenants' | 'users' | 'events'): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`--${name} is '${values[name]}': give a whole number of at least 1`);
}
