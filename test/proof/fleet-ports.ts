/** The ports of a sandbox that works for several streams: each call goes to the stream that it is about. */

import type { JobRef } from '../../shared/domain/fetch-job.ts';
import { streamKey, type Stream } from '../../shared/domain/stream.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { Microsoft } from '../../shared/ports/microsoft.ts';
import type { Harness } from './harness.ts';
import { sandboxPorts, type SandboxPorts } from './sandbox-ports.ts';
import type { Sandbox } from './scheduler.ts';

/** The ports of one sandbox over all streams of a seed. */
export function fleetPorts(streams: readonly Harness[], sandbox: Sandbox): SandboxPorts {
  const [first, ...others] = streams.map((harness) => ({ harness, ports: sandboxPorts(harness, sandbox) }));
  if (!first) throw new Error('a fleet has no stream');
  if (others.length === 0) return first.ports;
  const all = [first, ...others];
  const routes: Routes = {
    first: first.ports,
    ofStream: (stream) => all.find(({ harness }) => streamKey(harness.stream) === streamKey(stream))?.ports ?? first.ports,
    ofSource: (tenant, logType) =>
      all.find(({ harness }) => harness.tenant.name === tenant.name && harness.stream.logType === logType.id)?.ports ?? first.ports,
  };
  return {
    ...first.ports,
    microsoft: microsoftOf(routes),
    ledger: ledgerOf(routes),
    jobs: {
      send: async (jobs) => {
        // One call of the store, as it is: which stream's port makes it is no matter.
        const [job] = jobs;
        if (job) await routes.ofStream(job.ref.stream).jobs.send(jobs);
      },
    },
    lake: {
      ...first.ports.lake,
      putOnce: (key, file, metadata) => lakeOf(all, metadata).putOnce(key, file, metadata),
    },
    tenants: {
      byName: (name) => (all.find(({ harness }) => harness.tenant.name === name) ?? first).ports.tenants.byName(name),
    },
  };
}

interface Routes {
  readonly first: SandboxPorts;
  readonly ofStream: (stream: Stream) => SandboxPorts;
  readonly ofSource: (tenant: Tenant, logType: LogType) => SandboxPorts;
}

interface StreamPorts {
  readonly harness: Harness;
  readonly ports: SandboxPorts;
}

function lakeOf(all: readonly StreamPorts[], { stream, job }: Readonly<Record<string, string | undefined>>): SandboxPorts['lake'] {
  const own = all.find(({ harness }) => (stream === undefined ? harness.hasJob(job ?? '') : streamKey(harness.stream) === stream));
  const { ports } = own ?? all[0] ?? {};
  if (!ports) throw new Error('a fleet has no stream');
  return ports.lake;
}

function microsoftOf({ first, ofSource }: Routes): Microsoft {
  return {
    clockLeadMs: () => first.microsoft.clockLeadMs(),
    identify: (...of) => ofSource(...of).microsoft.identify(...of),
    listSubscriptions: (...of) => ofSource(...of).microsoft.listSubscriptions(...of),
    startSubscription: (...of) => ofSource(...of).microsoft.startSubscription(...of),
    listBlobs: (tenant, logType, ...more) => ofSource(tenant, logType).microsoft.listBlobs(tenant, logType, ...more),
    fetchBlob: (tenant, logType, ...more) => ofSource(tenant, logType).microsoft.fetchBlob(tenant, logType, ...more),
    probeWindow: (tenant, logType, ...more) => ofSource(tenant, logType).microsoft.probeWindow(tenant, logType, ...more),
    fetchWindow: (tenant, logType, ...more) => ofSource(tenant, logType).microsoft.fetchWindow(tenant, logType, ...more),
  };
}

function ledgerOf({ first, ofStream }: Routes): Ledger {
  const ofJob = ({ stream }: JobRef): Ledger => ofStream(stream).ledger;
  return {
    readCursor: (stream) => ofStream(stream).ledger.readCursor(stream),
    commitCursor: (stream, ...more) => ofStream(stream).ledger.commitCursor(stream, ...more),
    noteBlobBytes: (stream, mean) => ofStream(stream).ledger.noteBlobBytes(stream, mean),
    tenantId: (name) => first.ledger.tenantId(name),
    noteTenantId: (name, tenantId) => first.ledger.noteTenantId(name, tenantId),
    tokenFailure: (name) => first.ledger.tokenFailure(name),
    noteTokenFailure: (name, failure) => first.ledger.noteTokenFailure(name, failure),
    claims: (stream, ...more) => ofStream(stream).ledger.claims(stream, ...more),
    createJob: (job, dueAt) => ofStream(job.stream).ledger.createJob(job, dueAt),
    readJob: (ref) => ofJob(ref).readJob(ref),
    startJob: (ref) => ofJob(ref).startJob(ref),
    parkJob: (ref, ...more) => ofJob(ref).parkJob(ref, ...more),
    finishJob: (ref, finish) => ofJob(ref).finishJob(ref, finish),
    splitJob: (ref, ...more) => ofJob(ref).splitJob(ref, ...more),
    overlappingJobs: (stream, ...more) => ofStream(stream).ledger.overlappingJobs(stream, ...more),
    dueJobs: (...range) => first.ledger.dueJobs(...range),
    postponeJob: (ref, ...more) => ofJob(ref).postponeJob(ref, ...more),
    losses: (stream) => ofStream(stream).ledger.losses(stream),
    gaps: (stream) => ofStream(stream).ledger.gaps(stream),
  };
}
