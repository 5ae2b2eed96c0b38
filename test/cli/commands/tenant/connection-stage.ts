/** `lake tenant test` against a simulated Microsoft with one flaw, on one machine and through the check function. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { checkEnvironment, readEnvironment } from '../../../../lambdas/environment.ts';
import { makeCheckHandler } from '../../../../lambdas/check/handler.ts';
import { connectCheck } from '../../../../lambdas/connect-check.ts';
import { configPath, credentialPath } from '../../../../shared/aws/tenant-parameters.ts';
import { clouds } from '../../../../shared/clouds.ts';
import { homeOf } from '../../../../shared/tenant-config.ts';
import { runCommandLine } from '../../../../cli/command-line.ts';
import { parseFaults } from '../../../../simulator/faults.ts';
import type { Quirks } from '../../../../simulator/quirks.ts';
import { seededWorld } from '../../../../simulator/seeded-world.ts';
import { startSimulator, type Simulator } from '../../../../simulator/simulator.ts';
import { simulatedTenant, type TenantSetup } from '../../../../simulator/tenants.ts';
import type { AppRegistration, SimulatedTenant, World } from '../../../../simulator/world.ts';
import { startFakeAws } from './fake-aws.ts';

/** The time of both clocks, so that what is printed is the same each time. */
export const now = Date.parse('2026-11-22T12:00:00Z');

/** Values that may not be seen anywhere; each test of the file uses them as its credentials. */
export const canaries = {
  secret: 'kA7~9Q~canary.of.the.value-0123456789abcd',
  secretId: '0c0ffee0-cafe-4bad-8ace-c0ffeec0ffee',
  wrongSecret: 'zZ9~8Q~canary.of.a.wrong.value-9876543210',
};

export interface Flaw {
  readonly setup?: Partial<TenantSetup>;
  readonly change?: (tenant: SimulatedTenant, app: AppRegistration) => void;
  /** In place of the tenant's own configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What is stored as the secret, or as the PEM of a certificate. */
  readonly stored?: string;
  readonly faults?: unknown;
  readonly quirks?: Partial<Quirks>;
  /** How far Microsoft's clock is from ours. */
  readonly skewMs?: number;
  /** Nothing listens where Microsoft should be. */
  readonly isUnreachable?: true;
  /** Through the check function, with what AWS signs for its role. */
  readonly onAws?: { readonly assertion?: string; readonly isFedramp?: boolean };
  readonly logTypes: readonly string[];
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Tests the tenant `contoso` with this flaw. */
export async function testTenant(flaw: Flaw, folder: string, ...more: readonly string[]): Promise<Ended> {
  return withMicrosoft(flaw, async (config, simulator) => {
    const baseUrl = flaw.isUnreachable ? 'http://127.0.0.1:1' : simulator.baseUrl;
    if (flaw.onAws) return onAws(flaw, config, baseUrl, more);
    return run(...(await writeTenant(flaw, config, baseUrl, folder)), ...more);
  });
}

/** For a process of its own. @param work Gets the command line, and what resolves when Microsoft is asked for the first time. */
export async function withTenant<T>(
  flaw: Flaw,
  folder: string,
  work: (parameters: readonly string[], asked: Promise<void>) => Promise<T>,
): Promise<T> {
  return withMicrosoft(flaw, async (config, { baseUrl, requestLog }) => {
    const asked = async (): Promise<void> => {
      while (requestLog.requests.get('token') === undefined) await setTimeout(10);
    };
    return work(await writeTenant(flaw, config, baseUrl, folder), asked());
  });
}

type Config = Readonly<Record<string, unknown>>;

async function withMicrosoft<T>(flaw: Flaw, work: (config: Config, simulator: Simulator) => Promise<T>): Promise<T> {
  const tenant = simulatedTenant({ name: 'contoso', secret: canaries.secret, subscribed: everyContentType, ...flaw.setup });
  const [app] = tenant.apps;
  if (!app) throw new Error('the simulated tenant has an app');
  flaw.change?.(tenant, app);
  const simulator = await startSimulator({
    world: worldOf(tenant),
    clock: { now: () => now + (flaw.skewMs ?? 0), sleep: (ms) => setTimeout(ms) },
    throttle: 'off',
    ...(flaw.faults === undefined ? {} : { faults: parseFaults(flaw.faults) }),
    ...(flaw.quirks && { quirks: flaw.quirks }),
  });
  try {
    return await work({ ...configOf(tenant, app, flaw.logTypes), ...flaw.config }, simulator);
  } finally {
    await simulator.close();
  }
}

const everyContentType = ['Audit.AzureActiveDirectory', 'Audit.Exchange', 'Audit.SharePoint', 'Audit.General', 'DLP.All'];
const worlds = new Map<string, World>();

/** A day of records takes a while to make, so tenants of one id share it. */
function worldOf(tenant: SimulatedTenant): World {
  const world =
    worlds.get(tenant.tenantId) ??
    seededWorld({ seed: 'test', startAt: now, tenants: [tenant], recordsPerDay: 2_000, hasIncidents: false });
  worlds.set(tenant.tenantId, world);
  return { ...world, tenants: [tenant] };
}

function configOf(tenant: SimulatedTenant, app: AppRegistration, logTypes: readonly string[]): Config {
  const isContent = (id: string): boolean => id.startsWith('audit-') || id === 'dlp-all';
  const content = logTypes.filter(isContent);
  const windows = logTypes.filter((id) => !isContent(id));
  return {
    enabled: false,
    tenantDomain: tenant.domains[0],
    clientId: app.clientId,
    credential: { kind: 'secret' },
    ...(content.length > 0 && { managementActivity: { cloud: 'enterprise', logTypes: content } }),
    ...(windows.length > 0 && { graph: { cloud: 'global', logTypes: windows } }),
  };
}

/** The tenants file of this machine, and the command line that tests the tenant. */
async function writeTenant(flaw: Flaw, config: Config, baseUrl: string, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const { kind } = config.credential as { kind: string };
  const credential = kind === 'certificate' ? { kind, pemFile: 'credential' } : { kind, secretFile: 'credential' };
  await writeFile(join(folder, 'credential'), flaw.stored ?? canaries.secret, { mode: 0o600 });
  const file = join(folder, 'tenants.json');
  await writeFile(file, JSON.stringify({ contoso: { ...config, credential } }));
  return ['tenant', 'test', 'contoso', '--tenants', file, '--simulator', baseUrl];
}

async function onAws(flaw: Flaw, config: Config, baseUrl: string, more: readonly string[]): Promise<Ended> {
  const paths = { prefix: '/m365-audit-lake/tenants', credentialsPrefix: '/m365-audit-lake/credentials' };
  const home = homeOf(config) ?? 'enterprise';
  const environment = {
    TENANTS_PREFIX: paths.prefix,
    CREDENTIALS_PREFIX: paths.credentialsPrefix,
    CLOUDS: clouds.map(({ id }) => id).join(','),
    FEDERATION_ROLE_ARN: 'arn:aws:iam::111122223333:role/m365-audit-lake-federation-us-east-1',
    FEDRAMP: String(flaw.onAws?.isFedramp ?? false),
    SIMULATOR_URL: baseUrl,
  };
  const aws = await startFakeAws({
    parameters: {
      [configPath(paths, home, 'contoso')]: { type: 'String', value: JSON.stringify(config) },
      ...(flaw.onAws?.assertion === undefined && {
        [credentialPath(paths, home, 'contoso')]: { type: 'SecureString', value: flaw.stored ?? canaries.secret },
      }),
    },
    assertion: flaw.onAws?.assertion,
    invoke: (event) => makeCheckHandler(connectCheck(readEnvironment(checkEnvironment, environment)))(event),
  });
  try {
    return await run('tenant', 'test', 'contoso', '--aws', ...more);
  } finally {
    await aws.close();
  }
}

/** Runs a command line in this process, with everything it writes to stdout. */
export async function run(...parameters: readonly string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const written = jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  try {
    const code = await runCommandLine(parameters, { out: (text) => out.push(text), err: (text) => err.push(text) });
    return { code, out: out.join(''), err: err.join('') };
  } finally {
    written.mockRestore();
  }
}
