/** The verdict at the end of a seed: nothing lost, nothing twice, and everything says the truth. Looks at outcomes alone. */

import type { ContentWorld } from './content-world.ts';
import { judgeCalm, judgeContent } from './content-verdict.ts';
import type { Harness } from './harness.ts';
import { readLanded, type Landed } from './landed.ts';
import { judgeWindows } from './window-verdict.ts';

/** Everything that is wrong, in words; nothing when all is well. */
export async function judge(harness: Harness): Promise<string[]> {
  const faults: string[] = [];
  harness.archive();
  if (harness.ledger.pendingCount > 0) faults.push(`${String(harness.ledger.pendingCount)} jobs are pending`);
  const early = harness.processes.reduce((sum, process) => sum + process.early, 0);
  if (early > 0) faults.push(`${String(early)} requests were sent before the time that Microsoft had named`);
  const landed = readLanded(harness, faults);
  const { content, windows } = harness.world;
  if (content) faults.push(...(await judgeBlobs(harness, content, landed)));
  if (windows) faults.push(...judgeWindows(harness, windows, landed, await harness.ledger.gaps(harness.stream)));
  return faults;
}

async function judgeBlobs(harness: Harness, content: ContentWorld, landed: readonly Landed[]): Promise<string[]> {
  const { ledger, stream, plan } = harness;
  const outcome = { members: membersOf(harness), landed, gaps: await ledger.gaps(stream), losses: await ledger.losses(stream) };
  return [...(plan.isCalm ? judgeCalm(harness, content, landed) : []), ...judgeContent(harness, content, outcome)];
}

function membersOf(harness: Harness): Set<string> {
  return new Set(
    [...harness.jobs.values()].flatMap(({ job }) => (job.kind === 'content' ? job.members.map(({ contentId }) => contentId) : [])),
  );
}
