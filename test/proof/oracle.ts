/** The verdict at the end of a seed: nothing lost, nothing twice, and everything says the truth. Looks at outcomes alone. */

import type { ContentWorld } from './content-world.ts';
import { judgeCalm, judgeContent } from './content-verdict.ts';
import type { Ground } from './ground.ts';
import { readLanded, type Landed } from './landed.ts';
import { judgeWindows } from './window-verdict.ts';

/** Everything that is wrong, in words; nothing when all is well. @param deaths How often each job's worker died. */
export async function judge(ground: Ground, deaths: ReadonlyMap<string, number>): Promise<string[]> {
  const faults: string[] = [];
  ground.archive();
  if (ground.ledger.pendingCount > 0) faults.push(`${String(ground.ledger.pendingCount)} jobs are pending`);
  const early = ground.processes.reduce((sum, process) => sum + process.early, 0);
  if (early > 0) faults.push(`${String(early)} requests were sent before the time that Microsoft had named`);
  const landed = readLanded(ground, faults);
  const { content, windows } = ground.world;
  if (content) faults.push(...(await judgeBlobs(ground, content, landed, deaths)));
  if (windows) faults.push(...judgeWindows(ground, windows, landed, await ground.ledger.gaps(ground.stream)));
  return faults;
}

async function judgeBlobs(
  ground: Ground,
  content: ContentWorld,
  landed: readonly Landed[],
  deaths: ReadonlyMap<string, number>,
): Promise<string[]> {
  const { ledger, stream, plan } = ground;
  const outcome = { members: membersOf(ground), landed, deaths, gaps: await ledger.gaps(stream), losses: await ledger.losses(stream) };
  return [...(plan.isCalm ? judgeCalm(ground, content, landed) : []), ...judgeContent(ground, content, outcome)];
}

function membersOf(ground: Ground): Set<string> {
  return new Set(
    [...ground.jobs.values()].flatMap(({ job }) => (job.kind === 'content' ? job.members.map(({ contentId }) => contentId) : [])),
  );
}
