import { openCollector, type CollectorEvent, type Source } from '../../local/collector.ts';
import type { Adapters } from '../../local/connect.ts';
import { at } from '../contracts/samples.ts';
import { FakeFiles } from '../fakes/fake-files.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { FakeWorkspace } from '../fakes/fake-workspace.ts';
import { MemoryJobs } from '../fakes/memory-jobs.ts';
import { MemoryLake } from '../fakes/memory-lake.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';

/** A collector over stores in memory, with no tenant: every job it attempts is parked. */
export function collecting(sources: readonly Source[] = []) {
  const [files, clock, ledger, jobs, log] = [
    new FakeFiles(),
    new VirtualClock(at('09:30')),
    new MemoryLedger(),
    new MemoryJobs(),
    new FakeLog(),
  ];
  const events: CollectorEvent[] = [];
  const stores = { ledger, jobs, lake: new MemoryLake(files), workspace: new FakeWorkspace(files) };
  const tenants = { byName: () => Promise.resolve(undefined) };
  const microsoft = { clockLeadMs: () => 0 };
  const adapters = { ...stores, clock, log, tenants, landings: [{}], normalized: [], microsoft } as unknown as Adapters;
  const collector = openCollector(adapters, sources, (event) => events.push(event));
  return { adapters, ledger, jobs, clock, log, events, collector };
}
