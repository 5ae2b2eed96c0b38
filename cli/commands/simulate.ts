/** `lake simulate`: a simulator of Microsoft on one port of this machine, for this and any other client. */

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
import { reportStyle } from '../terminal/terminal-style.ts';
import { table } from '../terminal/table.ts';
import { asUsage, UsageError } from '../../local/exit.ts';
import { wholeNumber } from './options.ts';
import { toStdout } from './output.ts';

/** What the options of `lake simulate` set. */
export interface SimulateOptions {
  readonly port: number;
  readonly records?: string;
  readonly seed: number;
  readonly startAt?: Instant;
  readonly faults?: string;
  readonly tokenLifetime?: number;
  readonly json?: true;
}

const help = `
Requests for https://HOST/PATH go to http://127.0.0.1:PORT/HOST/PATH. URLs in responses name Microsoft's own hosts. The simulated tenant has
one app registration with every permission. The same --seed and --start-at serve the same bytes.

--records DIR        serve JSON lines from files named by log type, such as audit-exchange.jsonl. Management Activity records are served
                     unchanged; of Graph records, only the time that windows filter on is changed.
--start-at TIME      records start one day before this time and continue after it (default: now). It cannot be in the future.
--faults FILE        a JSON file with error rates and scripted errors:
                     {"rates": {"content-fetch": {"503": 0.1}}, "script": [{"route": "token", "request": 1, "answer": "500"}]}
                     An unknown route or answer is refused with the list of known ones; docs/simulator.md explains them.
--token-lifetime S   issue tokens that expire after S seconds instead of an hour.

Examples:
  lake simulate --port 8365
  lake simulate --port 8365 --seed 7 --token-lifetime 30
  lake simulate --port 0 --records ./samples --json

  curl -d grant_type=client_credentials -d client_id=ID -d client_secret=SECRET -d scope=https://manage.office.com/.default \\
       http://127.0.0.1:8365/login.microsoftonline.com/TENANT/oauth2/v2.0/token`;

/** Adds the command. */
export function simulateCommand(program: Command): void {
  program
    .command('simulate')
    .summary('run a simulator of Microsoft')
    .description('Simulates the token endpoint, the Management Activity API and Microsoft Graph of every cloud on 127.0.0.1, until Ctrl-C.')
    .option('--port <port>', 'port to listen on; 0 picks a free one', wholeNumber(0), 8365)
    .option('--records <dir>', 'serve the records of this folder instead of generated ones')
    .option('--seed <number>', 'seed of the generated records', wholeNumber(0), 1)
    .option('--start-at <time>', 'records start one day before this time (default: now)', pastInstant)
    .option('--faults <file>', 'a JSON file of errors to inject')
    .option('--token-lifetime <seconds>', 'how long a token is valid', wholeNumber(1))
    .option('--json', 'print one line of JSON')
    .addHelpText('after', help)
    .action(async (options: SimulateOptions) => {
      const { simulator, world } = await simulate(options, systemClock);
      // Before it is printed: somebody may interrupt as soon as it is.
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
  const { records, seed, tokenLifetime } = options;
  const faults = options.faults === undefined ? {} : { faults: await readFaults(options.faults) };
  const now = clock.now();
  const { startAt = now } = options;
  if (startAt > now) throw new UsageError(`--start-at ${iso(startAt)} is in the future; it is ${iso(now)}`);
  const world =
    records === undefined ? seededWorld({ seed: String(seed), startAt }) : await asUsage(() => recordsWorld({ folder: records, startAt }));
  const lifetime = tokenLifetime === undefined ? {} : { tokenLifetimeSeconds: tokenLifetime };
  const simulator = await startSimulator({ port: options.port, world, clock, ...faults, ...lifetime }).catch((error: unknown) => {
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
  if (Number.isNaN(instant)) throw new InvalidArgumentError('Give a time with its zone, such as 2026-11-22T12:00:00Z.');
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
  const style = reportStyle();
  const hosts = table(
    [{ name: 'host' }, { name: 'base URL' }],
    simulator.hosts.map(({ host, url }) => [host, url]),
    style,
  );
  const tenants = world.tenants
    .map(tenantFacts)
    .map((tenant) => table([{ name: 'tenant' }, { name: tenant.name }], factRows(tenant), style));
  return `${[hosts, ...tenants].join('\n\n')}\n\nSimulating Microsoft on ${simulator.baseUrl}; records start one day before ${iso(world.startAt)}. Press Ctrl-C to stop.\n`;
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
