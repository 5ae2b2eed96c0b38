/** The one-machine product as a process of its own, collecting from a simulator of this process. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../local/ledger.ts';
import { simulatedTenantConfig } from '../../cli/run/simulated-tenant.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { World } from '../../simulator/world.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';

/** Where a run of the product keeps its files, and whom it asks. */
export interface Place {
  readonly lake: string;
  readonly tenantsFile: string;
  readonly tenant: Tenant;
  readonly secret: string;
  readonly remove: () => Promise<void>;
}

/**
 * A folder with the tenants' file of a world.
 *
 * @param collectFrom Nothing older is asked for.
 * @param only The one content log type that is collected; every one when absent.
 */
export async function makePlace(world: World, collectFrom: Instant, only?: string): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-soak-'));
  const tenant = simulatedTenantConfig(world, collectFrom);
  const { tenantDomain, clientId } = tenant;
  const { managementActivity, graph } = only === undefined ? tenant : { managementActivity: { cloud: 'enterprise', logTypes: [only] } };
  const credential = { kind: 'secret', secretEnv: 'SOAK_SECRET' };
  const config = { enabled: true, tenantDomain, clientId, credential, managementActivity, graph, collectFrom: iso(collectFrom) };
  const tenantsFile = join(folder, 'tenants.json');
  await writeFile(tenantsFile, JSON.stringify({ [tenant.name]: config }));
  const secret = world.tenants[0]?.apps[0]?.secrets[0]?.value ?? '';
  return { lake: join(folder, 'lake'), tenantsFile, tenant, secret, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A run of the product that is going on. */
export interface Running {
  readonly child: ChildProcess;
  /** Its exit code; undefined when it was killed. */
  readonly ended: Promise<number | null>;
  readonly output: () => string;
}

/** @param how `once` ends when there is nothing left to collect. */
export function startProduct(place: Place, simulator: Simulator, how: 'once' | 'for ever'): Running {
  const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
  const words = [
    'start',
    '--tenants',
    place.tenantsFile,
    '--lake',
    place.lake,
    '--simulator',
    simulator.baseUrl,
    ...(how === 'once' ? ['--once'] : []),
  ];
  const child = spawn(process.execPath, [main, ...words], {
    env: { ...process.env, SOAK_SECRET: place.secret },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return { child, ended, output: () => output };
}

/** Records that the ledger says have landed; 0 before there is one. */
export async function landedRecords(place: Place): Promise<number> {
  try {
    const ledger = openLedger(join(place.lake, 'ledger.sqlite'), { readOnly: true });
    try {
      return (await ledger.streams()).reduce((sum, { rows }) => sum + rows, 0);
    } finally {
      ledger.close();
    }
  } catch {
    return 0; // not made yet
  }
}
