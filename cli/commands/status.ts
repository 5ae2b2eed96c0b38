/** `lake status`: the state of each tenant and log type, and what needs attention. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Option, type Command } from 'commander';
import { openStreamStates as openTableStates } from '../../shared/aws/stream-states.ts';
import { iso, seconds, type Instant } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { StreamStates } from '../../shared/ports/stream-states.ts';
import { readDeployment } from '../aws/deployment.ts';
import { systemClock } from '../../local/clock.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { refuseLostLedger } from '../../local/lost-ledger.ts';
import { lakeStatus, type LakeStatus, type Watched } from '../status/lake-status.ts';
import { readSimulation } from '../run/simulation.ts';
import { statusPage } from '../status/status-page.ts';
import { watchedAt, watchedInLedger } from '../status/watched.ts';
import { openStreamStates } from '../../local/stream-states.ts';
import { openFileStore } from '../tenants/file-store.ts';
import { openParameterStore } from '../tenants/parameter-store.ts';
import { configOf, type TenantStore } from '../tenants/tenant-store.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { asUsage, BadAnswer, UsageError } from '../../local/exit.ts';
import { prettyJson, toStdout } from './output.ts';
import { addTenantsOptions, sameTenants, tenantsFileOf, type TenantsChoice } from './tenant/tenants-choice.ts';

/** What the options of `lake status` set. */
export interface StatusOptions extends TenantsChoice {
  readonly watch?: true;
  readonly json?: true;
}

const help = `
Columns:
  state         enabled     not listed yet
                warming up  subscribed; Microsoft's first content can take 12 hours
                collecting
                lagging     listing is later than usual
                suspended   Microsoft refuses access; retried hourly, and nothing is lost for 7 days
                retired     Microsoft has retired the API
                waiting     not collected until its test passes
  lag           age of the newest time that has been listed; content is listed by the hour
  newest        age of the newest content or window that has landed
  parked until  when the first job that Microsoft kept waiting is retried, and why it waits
  expires in    time left until Microsoft stops serving something that has not landed

Below the table stands what needs you, and what fails and is tried again without you, with its cause.
Only the ledger is read, so a collector may be running. The exit code is 1 if something needs your attention.

Examples:
  lake status
  lake status contoso --watch
  lake status --aws --json | jq '.needs'`;

/** Adds the command. */
export function statusCommand(program: Command): void {
  const command = program
    .command('status')
    .summary('show the state of each tenant and log type')
    .description('Shows the state, lag and recent rows of each tenant and log type, and what needs your attention.')
    .argument('[name]', 'only this tenant');
  addTenantsOptions(command)
    .addOption(new Option('--watch', 'refresh until Ctrl-C').conflicts('json'))
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(async (name: string | undefined, options: StatusOptions) => {
      const source = await openStatus(name, options);
      try {
        if (options.watch) await watch(source, options, systemClock);
        else await showOnce(await source.read(systemClock.now()), options);
      } finally {
        source.close();
      }
    });
}

/** The state, read again whenever it is asked for. Whoever opened it calls `close`. */
export interface StatusSource {
  readonly read: (now: Instant) => Promise<LakeStatus>;
  readonly close: () => void;
}

async function showOnce(status: LakeStatus, { json }: StatusOptions): Promise<void> {
  await toStdout(json ? `${prettyJson(asJson(status))}\n` : `${statusPage(status, terminalStyle())}\n`);
  const { length } = status.needs;
  if (length > 0) throw new BadAnswer(length === 1 ? 'one thing needs a person' : `${String(length)} things need a person`);
}

const clearScreen = '\u001b[H\u001b[2J';

/** The last status decides about the exit code, as without --watch. */
async function watch(source: StatusSource, { aws }: StatusOptions, clock: Clock): Promise<void> {
  const isStopped = interrupted();
  for (;;) {
    const status = await source.read(clock.now());
    await toStdout(`${process.stdout.isTTY ? clearScreen : ''}${statusPage(status, terminalStyle())}\n`);
    const again = clock.now() + (aws ? seconds(30) : seconds(5));
    while (!isStopped() && clock.now() < again) await clock.sleep(200);
    if (!isStopped()) continue;
    process.exitCode = status.needs.length > 0 ? 1 : 0;
    return;
  }
}

function interrupted(): () => boolean {
  let isInterrupted = false;
  process.once('SIGINT', () => {
    isInterrupted = true;
  });
  return () => isInterrupted;
}

/** What `lake status` reads. @throws UsageError when there is no lake or no such tenant. */
export async function openStatus(name: string | undefined, options: TenantsChoice): Promise<StatusSource> {
  if (options.aws) {
    const deployment = await readDeployment();
    const states = openTableStates(new DynamoDBClient({}), deployment.tableName, systemClock);
    const store = openParameterStore(deployment);
    return { read: async (now) => lakeStatus(await named(store, name), states, now, store.sameTenants, name), close: () => undefined };
  }
  const file = tenantsFileOf(options);
  const states = await openLocalStates(options.lake, existsSync(file));
  // Without that file, the ledger knows the tenants, and only their owner knows where they are configured.
  const choice = existsSync(file) ? options : { ...options, tenants: 'FILE' };
  const store = openFileStore(file, process.env, sameTenants(choice));
  const isSimulated = (await readSimulation({ path: options.lake })) !== undefined;
  const watched = async (): Promise<Watched[]> =>
    existsSync(file) ? named(store, name) : inLedger(watchedInLedger(await states.streams(), isSimulated), name);
  return {
    read: async (now) => lakeStatus(await asUsage(watched), states, now, store.sameTenants, name),
    close: () => {
      states.close();
    },
  };
}

async function named(store: TenantStore, name: string | undefined): Promise<Watched[]> {
  if (name !== undefined) await configOf(store, name);
  return watchedAt(store, name);
}

function inLedger(watched: readonly Watched[], name: string | undefined): Watched[] {
  const found = watched.filter((one) => one.kind === 'tenant' && (name === undefined || one.tenant.name === name));
  if (name !== undefined && found.length === 0) throw new UsageError(`nothing was collected from a tenant '${name}' into this lake`);
  return found;
}

type LocalStates = StreamStates & Pick<ReturnType<typeof openStreamStates>, 'streams' | 'close'>;

/**
 * Of a lake whose ledger is gone there is nothing to report but that.
 *
 * @param mayBeMissing Tenants were added, and nothing was collected yet.
 */
async function openLocalStates(lake: string, mayBeMissing: boolean): Promise<LocalStates> {
  let states = nothingCollected;
  try {
    const folder = await openLakeFolder(lake, { exclusive: false });
    if (existsSync(folder.ledgerFile)) states = openStreamStates(folder.ledgerFile);
    await refuseLostLedger(folder, states, new LocalLake({ root: folder.path, temp: folder.objectsTemp }));
    return states;
  } catch (error) {
    states.close();
    if (mayBeMissing && !existsSync(join(lake, 'lake.json'))) return nothingCollected;
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

const nothingCollected: LocalStates = {
  tenantId: () => Promise.resolve(undefined),
  tokenFailure: () => Promise.resolve(undefined),
  read: () => Promise.resolve([]),
  streams: () => Promise.resolve([]),
  pendingStreams: () => Promise.resolve([]),
  close: () => undefined,
};

/** Times as text; what there is none of is absent. */
function asJson({ at, tenants, needs, retrying }: LakeStatus): unknown {
  const rows = tenants.map(({ streams, ...tenant }) => ({
    ...tenant,
    logTypes: streams.map(({ lagMs, newest, parkedUntil, nextExpiry, ...rest }) => ({
      ...rest,
      ...(lagMs !== undefined && { lagSeconds: Math.round(lagMs / 1_000) }),
      ...times({ newest, parkedUntil, nextExpiry }),
    })),
  }));
  return { at: iso(at), needs, retrying, tenants: rows };
}

function times(instants: Readonly<Record<string, Instant | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(instants).flatMap(([name, instant]) => (instant === undefined ? [] : [[name, iso(instant)]])));
}
