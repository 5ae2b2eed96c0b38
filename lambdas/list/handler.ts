/** The handler of a list function: one log type in one cloud, for every tenant that chose it. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import pMap from 'p-map';
import { refuseLostLedger } from '../../shared/aws/lost-ledger.ts';
import { openRulesInForce } from '../../shared/aws/rule-sets.ts';
import type { CloudId } from '../../shared/clouds.ts';
import { groupLimits as usualLimits, type GroupLimits } from '../../shared/domain/grouping.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { TenantEntry } from '../../shared/ports/tenants.ts';
import { bundledRules } from '../bundled-rules.ts';
import { clientSettings, connectTenants, objectStoreSettings, type TenantAdapters } from '../connect.ts';
import { listEnvironment, readEnvironment } from '../environment.ts';
import { openMeter, type Meter } from '../meter.ts';
import { meteredMicrosoft, watchedLedger } from '../metrics.ts';
import { KnownClaims } from './known-claims.ts';
import { list } from './list.ts';

/** What a list function works with: its log type and cloud are fixed when it is deployed. */
export interface ListHandlerDeps {
  readonly adapters: TenantAdapters;
  readonly logType: LogType;
  readonly cloud: CloudId;
  readonly meter: Meter;
  /** Of a process that is warm; the handler's own when absent. */
  readonly known?: KnownClaims;
  /** As many as a job takes when absent. */
  readonly groupLimits?: GroupLimits;
  /** Asked until it succeeds, before anything is listed: throws where the ledger is not the lake's. Absent where nobody asks. */
  readonly checkLedger?: () => Promise<void>;
  /** The hash of the rules in force; absent where none are evaluated. */
  readonly rules?: () => Promise<string>;
}

/** How long a run may still take, in ms. */
export type RunContext = Pick<Context, 'getRemainingTimeInMillis'>;

/** Tenants at once, of which nearly all wait for answers. Each has limits of its own at Microsoft. */
const concurrentTenants = 64;
/** A window that was begun needs this long to be claimed and sent. */
const windowMs = seconds(60);

/** @throws When the tenants cannot be read, or the ledger is not the lake's: nothing was listed then. One tenant's failure never stops another. */
export function makeListHandler(deps: ListHandlerDeps): (event: unknown, context: RunContext) => Promise<void> {
  const { known = new KnownClaims() } = deps;
  const checkOnce = onceItSucceeds(deps.checkLedger);
  return async (_event, context) => {
    const { adapters, logType, cloud, meter } = deps;
    try {
      await checkOnce();
      const remainingMs = context.getRemainingTimeInMillis();
      const deadline = adapters.clock.now() + remainingMs - Math.min(windowMs, remainingMs / 2);
      const rules = await rulesInForce(deps);
      const entries = await adapters.tenants.list();
      const broken = reportBroken(entries, deps);
      const chosen = entries.flatMap((entry) => (entry.kind === 'tenant' && chooses(entry.tenant, deps) ? [entry.tenant] : []));
      const runs = await pMap(
        inTurn(chosen, adapters.clock.now()),
        (tenant) => listTenant(tenant, { ...deps, ...rules }, known, deadline),
        {
          concurrency: concurrentTenants,
        },
      );
      meter.streamsFailed({ logType: logType.id, cloud }, runs.filter((isListed) => !isListed).length + broken);
      meter.tenantsBroken(broken);
    } finally {
      meter.flush();
    }
  };
}

/** Rules that cannot be read stop no list: jobs name none then, and workers ask their own. */
async function rulesInForce({ rules, adapters }: ListHandlerDeps): Promise<{ readonly hash?: string }> {
  try {
    return rules ? { hash: await rules() } : {};
  } catch (error) {
    adapters.log.error('the rules that were added cannot be read', { count: 1, reason: String(error) });
    return {};
  }
}

/** Does the work once in a process; what throws is done again by the next run. */
function onceItSucceeds(work: (() => Promise<void>) | undefined): () => Promise<void> {
  let isDone = work === undefined;
  return async () => {
    if (isDone) return;
    await work?.();
    isDone = true;
  };
}

/** Each run begins with other tenants: should time ever not do for all, it is not always the same ones that wait. */
function inTurn(tenants: readonly Tenant[], now: Instant): Tenant[] {
  const first = Math.floor(now / minutes(1)) % Math.max(1, tenants.length);
  return [...tenants.slice(first), ...tenants.slice(0, first)];
}

function reportBroken(entries: readonly TenantEntry[], { adapters }: ListHandlerDeps): number {
  const broken = entries.filter((entry) => entry.kind === 'broken');
  for (const { name, faults } of broken) {
    const cure = 'correct its parameters; it is read again within a minute';
    adapters.log.error('a tenant cannot be collected', { tenant: name, count: faults.length, reason: faults.join('; '), cure });
  }
  return broken.length;
}

function chooses({ managementActivity, graph }: Tenant, { logType, cloud }: ListHandlerDeps): boolean {
  const choice = logType.source.kind === 'content' ? managementActivity : graph;
  return choice?.cloud === cloud && choice.logTypes.includes(logType.id);
}

/** A stream whose cursor lags less than this lists as it should: content's moves by whole hours. */
const usualLagMs = minutes(75);

/** Whether it succeeded. A stream whose work another list does is listed as well. */
async function listTenant(
  tenant: Tenant,
  deps: ListHandlerDeps & { readonly hash?: string },
  known: KnownClaims,
  deadline: Instant,
): Promise<boolean> {
  const { adapters, logType, meter, groupLimits = usualLimits, hash } = deps;
  const { ledger, watermark, countHeldBack } = watchedLedger(adapters.ledger, meter, tenant);
  const microsoft = meteredMicrosoft(adapters.microsoft, meter);
  try {
    const listed = await list(tenant, logType, {
      ...{ ...adapters, ledger, microsoft, known, groupLimits, deadline },
      ...(hash !== undefined && { rules: hash }),
    });
    return listed.kind === 'listed' || listed.kind === 'overtaken';
  } catch (error) {
    adapters.log.error('a list failed', { tenant: tenant.name, logType: logType.id, count: 1, reason: String(error) });
    return false;
  } finally {
    countHeldBack(adapters.clock.now());
    const lagMs = adapters.clock.now() - (watermark() ?? Infinity);
    if (lagMs > usualLagMs) meter.count({ tenant: tenant.name, logType: logType.id }, 'cursorLag', Math.round(lagMs / 1_000));
  }
}

let made: ReturnType<typeof makeListHandler> | undefined;

/** What Lambda calls. */
export async function handler(event: unknown, context: Context): Promise<void> {
  made ??= connectHandler();
  await made(event, context);
}

function connectHandler(): ReturnType<typeof makeListHandler> {
  const environment = readEnvironment(listEnvironment, process.env);
  const logType = logTypeById(environment.LOG_TYPE);
  const { CLOUD: cloud, TABLE_NAME: tableName, BUCKET_NAME: bucketName } = environment;
  const stores = { dynamodb: new DynamoDBClient(clientSettings), s3: new S3Client(objectStoreSettings()) };
  const checkLedger = (): Promise<void> => refuseLostLedger({ ...stores, tableName, bucketName });
  const adapters = connectTenants(environment);
  const place = { client: stores.s3, bucket: bucketName };
  const rules = environment.DETECTIONS ? { rules: openRulesInForce(place, bundledRules(), adapters.clock) } : {};
  return makeListHandler({ adapters, logType, cloud, meter: openMeter(), checkLedger, ...rules });
}
