/** The operator's rebuild of the ledger, over ports where faults happen. */

import { rebuildLedger, type RebuildReport } from '../../cli/reconcile/rebuild-ledger.ts';
import type { LakeInventory } from '../../shared/ports/lake.ts';
import type { LedgerOperator } from '../../shared/ports/ledger-operator.ts';
import type { Harness } from './harness.ts';
import { sandboxPorts } from './sandbox-ports.ts';
import type { Sandbox } from './scheduler.ts';
import { storyDatasets } from './stand-in-landing.ts';

/** `lake reconcile --rebuild`. */
export async function rebuildStreams(harness: Harness, sandbox: Sandbox): Promise<Pick<RebuildReport, 'conflicts' | 'foreign'>> {
  const { ledger, lake, landing, workspace, clock } = sandboxPorts(harness, sandbox);
  const reports = await rebuildLedger({
    ledger: { ...ledger, ...operatorPort(harness, sandbox) },
    inventory: inventoryPort(harness, sandbox),
    normalized: storyDatasets,
    ...{ lake, landing, workspace, clock },
  });
  return { conflicts: reports.flatMap(({ conflicts }) => conflicts), foreign: reports.flatMap(({ foreign }) => foreign) };
}

function operatorPort({ line, ledger }: Harness, sandbox: Sandbox): LedgerOperator {
  return {
    jobs: (stream) => ledger.jobs(stream),
    restoreJob: (record, alongside) =>
      line.call(sandbox, 'ledger.restoreJob', {
        detail: () => JSON.stringify(record.job),
        apply: () => ledger.restoreJob(record, alongside),
      }),
    takeBackLosses: () => Promise.reject(new Error('a rebuild takes nothing back')),
    reopenJob: () => Promise.reject(new Error('a rebuild reopens nothing')),
  };
}

function inventoryPort({ line, lake }: Harness, sandbox: Sandbox): LakeInventory {
  return {
    objects: (prefix) => lake.objects(prefix),
    describe: (key) => line.call(sandbox, 'lake.describe', { isLocal: true, detail: () => key, apply: () => lake.describe(key) }),
  };
}
