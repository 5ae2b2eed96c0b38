/** What the console works on: a lake folder of this machine, or a deployment. */

import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Instant } from '../../shared/domain/window.ts';
import type { Asking } from '../../shared/ports/asking.ts';
import { systemClock } from '../../local/clock.ts';
import { openAsking } from '../asking/open-asking.ts';
import { connectDeployment } from '../aws/connect-reconcile.ts';
import { readDeployment } from '../aws/deployment.ts';
import { openStatus, type StatusSource } from '../commands/status.ts';
import { chooseStore, type ChosenStore } from '../commands/tenant/store-choice.ts';
import { tenantsFileOf, type TenantsChoice } from '../commands/tenant/tenants-choice.ts';
import { connectLake, type Connected } from '../reconcile/connect.ts';
import { deploymentStreams, lakeStreams, type LedgerStreams } from '../reconcile/ledger-streams.ts';
import { readSimulation } from '../run/simulation.ts';
import { silentLog } from '../silent-log.ts';

/** What routes ask. Everything is opened when it is asked for first. */
export interface Backend {
  readonly kind: 'lake' | 'aws';
  /** For people: the folder, or the database. */
  readonly place: string;
  /** The lake folder; of a deployment there is none. */
  readonly lake?: string;
  readonly version: string;
  readonly now: () => Instant;
  readonly asking: () => Promise<Asking>;
  readonly status: () => Promise<StatusSource>;
  readonly isSimulated: () => Promise<boolean>;
  readonly tenants: () => Promise<ChosenStore>;
  /** The ledger, opened anew: whoever asks closes it. */
  readonly ledger: () => Promise<LedgerStreams>;
  /** What comparing with Microsoft needs, opened anew: whoever asks closes it. Its waits end with the signal. */
  readonly reconciliation: (signal: AbortSignal) => Promise<Connected>;
  close(): Promise<void>;
}

/** What the console is opened with. */
export type BackendChoice = TenantsChoice & { readonly simulator?: string };

/** Two questions at once, of at most so much memory each: the server stays below 500 MB. */
const limits = { atOnce: 2, memoryMb: 160 };

/** @throws UsageError when there is no lake or deployment: nothing is served then. */
export async function openBackend(choice: BackendChoice): Promise<Backend> {
  const asking = await openAsking(choice, limits);
  const deployment = choice.aws ? await readDeployment() : undefined;
  const status = once(() => openStatus(undefined, choice));
  const package_ = new URL('../../package.json', import.meta.url);
  return {
    kind: choice.aws ? 'aws' : 'lake',
    place: deployment ? `database ${deployment.databaseName}, workgroup ${deployment.workgroupName}` : choice.lake,
    ...(!choice.aws && { lake: choice.lake }),
    version: (JSON.parse(await readFile(package_, 'utf8')) as { version: string }).version,
    now: () => systemClock.now(),
    asking: () => Promise.resolve(asking),
    status,
    isSimulated: async () => !choice.aws && (await readSimulation({ path: choice.lake })) !== undefined,
    tenants: once(() => chooseStore(choice)),
    ledger: () => (deployment ? deploymentStreams(deployment, systemClock) : lakeStreams(choice.lake)),
    reconciliation: (signal) => {
      const clock = { ...systemClock, sleep: (ms: number) => setTimeout(ms, undefined, { signal }) };
      if (deployment) return connectDeployment(deployment, clock, silentLog, choice.simulator);
      const { lake, simulator } = choice;
      const place = { lake, tenantsFile: tenantsFileOf(choice), isChanging: false, ...(simulator !== undefined && { simulator }) };
      return connectLake(place, clock, silentLog);
    },
    close: async () => {
      await asking.close();
      await status().then(
        (source) => {
          source.close();
        },
        () => undefined,
      );
    },
  };
}

/** What fails is tried again the next time. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}
