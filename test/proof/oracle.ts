/** The verdict at the end of a seed: nothing lost, nothing twice, and everything says the truth. Looks at outcomes alone. */

import type { ContentWorld } from './content-world.ts';
import { judgeCalm, judgeContent } from './content-verdict.ts';
import type { Gap } from '../../shared/ports/ledger.ts';
import { streamKey } from '../../shared/domain/stream.ts';
import { iso } from '../../shared/domain/window.ts';
import type { Harness } from './harness.ts';
import { judgeFindings } from './findings-verdict.ts';
import { readLanded, type Landed } from './landed.ts';
import { judgeRules } from './rule-verdict.ts';
import { judgeWindows } from './window-verdict.ts';

/** Everything that is wrong, in words; nothing when all is well. */
export async function judge(harness: Harness): Promise<string[]> {
  const faults: string[] = [];
  harness.archive();
  const pending = harness.ledger.pendingCount;
  if (pending > 0) faults.push(`${String(pending)} jobs are pending`);
  if (harness.begunAt === undefined) faults.push(`nothing of ${streamKey(harness.stream)} was ever listed`);
  const early = harness.processes.shared.reduce((sum, process) => sum + process.early, 0);
  if (early > 0) faults.push(`${String(early)} requests were sent before the time that Microsoft had named`);
  faults.push(...harness.misdeeds);
  const landed = readLanded(harness, faults);
  const { content, windows } = harness.world;
  if (harness.environment.areRulesOn) faults.push(...(await judgeFindings(harness, landed)));
  if (content) faults.push(...(await judgeBlobs(harness, content, landed)));
  faults.push(...judgeGaps(harness, await harness.ledger.gaps(harness.stream)));
  faults.push(...judgeRules(harness, landed, await harness.ledger.gaps(harness.stream)));
  if (windows) faults.push(...judgeWindows(harness, windows, landed, await harness.ledger.gaps(harness.stream)));
  return faults;
}

/** A clock that jumps is no reason for a gap: in these modes nothing ever goes out of reach. */
function judgeGaps({ plan }: Harness, gaps: readonly Gap[]): string[] {
  const reversed = gaps.filter(({ from, to }) => from >= to).map(({ from, to }) => `a gap goes from ${iso(from)} back to ${iso(to)}`);
  if (!plan.mode.endsWith('clock')) return reversed;
  const odd = gaps.filter(({ reason }) => reason !== 'the subscription was not enabled');
  return [...reversed, ...odd.map(({ from, to, reason }) => `a gap from ${iso(from)} to ${iso(to)}: ${reason}`)];
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
