/** `lake simulate`: Microsoft on one port of this machine, for this and any other client. */

import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { iso, type Instant } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { systemClock } from '../../local/clock.ts';
import { parseFaults, type Faults } from '../../simulator/faults.ts';
import { recordsWorld } from '../../simulator/records-world.ts';
import { seededWorld } from '../../simulator/seeded-world.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import type { World } from '../../simulator/world.ts';
import { paperOf } from '../terminal/paper.ts';
import { table } from '../terminal/table.ts';
import { asUsage, UsageError } from '../../local/exit.ts';
import { wholeNumber } from './options.ts';
import { toStdout } from './output.ts';

export interface SimulateOptions {
  readonly port: number;
  readonly records?: string;
  readonly seed: number;
  readonly startAt?: Instant;
  readonly faults?: string;
  readonly onceTokenLife?: number;
  readonly json?: true;
}

const help = `
A request for https://HOST/PATH goes to http://127.0.0.1:PORT/HOST/PATH; URLs inside answers name Microsoft's own hosts. The tenant has one
app with every permission. Records begin a day before the start time and go on; the same seed and start time serve the same bytes.

--records DIR          JSON-lines files named for log types, such as audit-exchange.jsonl. Management API records are served to the byte;
                       Graph records keep everything but the time that windows are filtered on.
--start-at TIME        start time of the world, for example 2026-11-22T12:00:00Z; not later than now, which is the default.
--faults FILE          JSON: {"rates": {"content-fetch": {"503": 0.1}}, "script": [{"route": "token", "request": 1, "answer": "500"}]}.
                       What it knows is said when something in it is not known.
--once-token-life S    tokens are good for S seconds instead of an hour, so that a client has to renew them.

Examples:
  lake simulate --port 8365
  lake simulate --port 8365 --seed 7 --once-token-life 30
  lake simulate --port 0 --records ./samples --json

  curl -d grant_type=client_credentials -d client_id=ID -d client_secret=SECRET -d scope=https://manage.office.com/.default \\
       http://127.0.0.1:8365/login.microsoftonline.com/TENANT/oauth2/v2.0/token`;

/** Adds the command. */
export function simulateCommand(program: Command): void {
  program
    .command('simulate')
    .summary('play Microsoft on a port of this machine')
    .description('Plays the token endpoint, the Management Activity API and Graph of every cloud on 127.0.0.1, until Ctrl-C.')
    .option('--port <port>', 'port to listen on; 0 takes a free one', wholeNumber(0), 8365)
    .option('--records <dir>', 'serve the records of this folder instead of seed data')
    .option('--seed <number>', 'seed of the records that are served', wholeNumber(0), 1)
    .option('--start-at <time>', 'start time of the world, not later than now (default: now)', pastInstant)
    .option('--faults <file>', 'what goes wrong, as JSON')
    .option('--once-token-life <seconds>', 'how long a token is good for', wholeNumber(1))
    .option('--json', 'print one line of JSON instead of a page')
    .addHelpText('after', help)
    .action(async (options: SimulateOptions) => {
      const { simulator, world } = await simulate(options, systemClock);
      // Before it is said: somebody may interrupt as soon as it is.
      const end = interrupted();
      await toStdout(options.json ? `${JSON.stringify(facts(simulator, world))}\n` : page(simulator, world));
      await end;
      await simulator.close();
    });
}

/**
 * Starts what the options ask for.
 *
 * @throws UsageError when the port is taken, or when faults or records cannot be read.
 */
export async function simulate(options: SimulateOptions, clock: Clock): Promise<{ simulator: Simulator; world: World }> {
  const { records, seed, onceTokenLife } = options;
  const faults = options.faults === undefined ? {} : { faults: await readFaults(options.faults) };
  const now = clock.now();
  const { startAt = now } = options;
  if (startAt > now) throw new UsageError(`--start-at ${iso(startAt)} is in the future; it is ${iso(now)}`);
  const world =
    records === undefined ? seededWorld({ seed: String(seed), startAt }) : await asUsage(() => recordsWorld({ folder: records, startAt }));
  const tokenLife = onceTokenLife === undefined ? {} : { tokenLifeSeconds: onceTokenLife };
  const simulator = await startSimulator({ port: options.port, world, clock, ...faults, ...tokenLife }).catch((error: unknown) => {
    throw new UsageError(
      `port ${String(options.port)} cannot be had (${String((error as NodeJS.ErrnoException).code)}): choose another with --port, 0 takes a free one`,
    );
  });
  return { simulator, world };
}

async function readFaults(file: string): Promise<Faults> {
  const text = await asUsage(() => readFile(file, 'utf8'));
  return asUsage(() => parseFaults(parseJson(file, text)));
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`'${file}' is no JSON: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}

/** A time with its zone: without one it would mean another instant on another machine. */
function pastInstant(text: string): Instant {
  const instant = /(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant)) throw new InvalidArgumentError('It should be a time with its zone, such as 2026-11-22T12:00:00Z.');
  return instant;
}

function facts({ baseUrl, hosts }: Simulator, world: World): unknown {
  return { baseUrl, startAt: iso(world.startAt), hosts, tenants: world.tenants.map(tenantFacts) };
}

function tenantFacts({ name, tenantId, domains, apps }: World['tenants'][number]) {
  const [app] = apps;
  return { name, tenantId, tenantDomain: domains[0] ?? '', clientId: app?.clientId ?? '', clientSecret: app?.secrets[0]?.value ?? '' };
}

function page(simulator: Simulator, world: World): string {
  const paper = paperOf();
  const hosts = table(
    [{ name: 'host' }, { name: 'base URL' }],
    simulator.hosts.map(({ host, url }) => [host, url]),
    paper,
  );
  const tenants = world.tenants
    .map(tenantFacts)
    .map((tenant) => table([{ name: 'tenant' }, { name: tenant.name }], factRows(tenant), paper));
  return `${[hosts, ...tenants].join('\n\n')}\n\nPlaying Microsoft on ${simulator.baseUrl}, started at ${iso(world.startAt)}; Ctrl-C ends it.\n`;
}

function factRows(tenant: ReturnType<typeof tenantFacts>): string[][] {
  return [
    ['tenant id', tenant.tenantId],
    ['domain', tenant.tenantDomain],
    ['client id', tenant.clientId],
    ['client secret', tenant.clientSecret],
  ];
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
}
