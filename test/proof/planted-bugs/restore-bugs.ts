/** Bugs of a restore: of the runbook, and of the rebuild. */

import { edit, files, type PlantedBug } from './planted-bug.ts';

/** Bugs of the rebuild after a restore. */
export const restoreBugs: readonly PlantedBug[] = [
  {
    name: 'nothing is rebuilt after a restore',
    mode: 'restore',
    breaks: 'safety',
    edits: [
      edit(files.restore, 'stations.rebuild((isDone) => {', '((ended: (isDone: boolean) => void) => { ended(true); })((isDone) => {'),
    ],
  },
  {
    name: 'nobody waits before a restore',
    mode: 'restore',
    breaks: 'safety',
    edits: [
      edit(
        files.drawPlan,
        'const restoredAt = stoppedAt + minutes(20) + random.between(seconds(1), minutes(30));',
        'const restoredAt = stoppedAt + random.between(0, minutes(1));',
      ),
    ],
  },
  {
    name: 'the processes of the list outlive a restore',
    mode: 'restore',
    breaks: 'safety',
    edits: [edit(files.restore, '      harness.processes.restart();\n', '')],
  },
  {
    name: 'the rebuild forgets children that have not landed',
    mode: 'restore',
    breaks: 'safety',
    edits: [edit(files.rebuild, 'const jobs = [...own, ...open].sort(', 'const jobs = [...own, ...open.slice(open.length)].sort(')],
  },
  {
    name: 'the rebuild makes jobs and no claims',
    mode: 'restore',
    breaks: 'safety',
    edits: [edit(files.rebuild, 'claims: job.members.map(({ contentId }) => contentId), losses:', 'claims: [], losses:')],
  },
  {
    name: 'the rebuild forgets losses',
    mode: 'restore',
    breaks: 'safety',
    survives: 'blobs are lost in their last hours, a week after a restore that takes hours; tests of the rebuild hold it',
    edits: [edit(files.rebuild, "losses: lossesOf(job, state.fates ?? '')", 'losses: lossesOf(job, "")')],
  },
];
