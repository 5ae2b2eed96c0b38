/** The ledger of a lake folder or of a deployment, with the streams it has: for commands that only look. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import { openLedger as openDynamoLedger } from '../../shared/aws/ledger.ts';
import { openTenants } from '../../shared/aws/tenants.ts';
import { homes } from '../../shared/clouds.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { LedgerOperator } from '../../shared/ports/ledger-operator.ts';
import { asUsage } from '../../local/exit.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLedger } from '../../local/ledger.ts';

/** A stream with the name of its tenant and its log type. */
export interface NamedStream {
  readonly tenant: string;
  readonly logType: LogType;
  readonly stream: Stream;
}

/** A ledger with its streams. Whoever opened it calls `close`. */
export interface LedgerStreams {
  readonly ledger: Ledger & LedgerOperator;
  readonly streams: readonly NamedStream[];
  readonly close: () => void;
}

/** Every stream that the lake has a cursor or a job of. A collector may be at work. */
export async function lakeStreams(lake: string): Promise<LedgerStreams> {
  const { ledgerFile } = await asUsage(() => openLakeFolder(lake, { exclusive: false }));
  const ledger = openLedger(ledgerFile, { readOnly: true });
  const streams: NamedStream[] = [];
  for (const { stream } of await ledger.streams()) {
    const [first] = await ledger.jobs(stream);
    streams.push({ tenant: first?.job.tenantName ?? stream.tenantId, logType: logTypeById(stream.logType), stream });
  }
  return {
    ledger,
    streams,
    close: () => {
      ledger.close();
    },
  };
}

/** Every stream of a configured tenant that has been listed once. */
export async function deploymentStreams(
  { tableName, tenantsPrefix: prefix, credentialsPrefix, isFedramp }: Deployment,
  clock: Clock,
): Promise<LedgerStreams> {
  const clients = [new DynamoDBClient({}), new SSMClient({})] as const;
  const ledger = openDynamoLedger(clients[0], tableName, clock);
  const assertion = (): Promise<string> => Promise.reject(new Error('nothing is asked of Microsoft here'));
  const paths = { prefix, credentialsPrefix, homes, credentials: 'unread' } as const;
  const tenants = openTenants({ client: clients[1], ...paths, deployment: { isFedramp }, assertion, clock });
  const streams: NamedStream[] = [];
  for (const entry of await tenants.list()) {
    const tenantId = entry.kind === 'tenant' ? await ledger.tenantId(entry.tenant.name) : undefined;
    if (entry.kind !== 'tenant' || tenantId === undefined) continue;
    for (const choice of [entry.tenant.managementActivity, entry.tenant.graph]) {
      for (const id of choice?.logTypes ?? []) {
        if (choice)
          streams.push({ tenant: entry.tenant.name, logType: logTypeById(id), stream: { cloud: choice.cloud, tenantId, logType: id } });
      }
    }
  }
  return {
    ledger,
    streams,
    close: () => {
      for (const client of clients) client.destroy();
    },
  };
}
