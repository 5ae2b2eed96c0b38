/** Bugs of what a process keeps of its fetches for the next attempt. */

import { edit, files, type PlantedBug } from './planted-bug.ts';

/** Of blobs that stay in memory between attempts. */
export const keptBugs: readonly PlantedBug[] = [
  {
    name: 'a kept blob is used for ever',
    mode: 'landing',
    breaks: 'liveness',
    edits: [edit(files.fetchMembers, 'if (kept && microsoftNow(deps) < member.expires + usedBeyondExpiryMs) {', 'if (kept) {')],
  },
  {
    name: 'what could not be read is kept for the next attempt',
    mode: 'stuck',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchMembers,
        "if (answer === 'fetched' && content && !isRead) deps.kept.keep",
        "if ((answer === 'fetched' || isRead) && content) deps.kept.keep",
      ),
    ],
  },
  {
    name: 'a blob is kept under its stream alone',
    mode: 'landing',
    breaks: 'safety',
    edits: [
      edit('lambdas/fetch/kept-blobs.ts', '`${streamKey(stream)} ${contentId}`;', '`${streamKey(stream)} ${contentId.slice(0, 0)}`;'),
    ],
  },
  {
    name: 'what is kept is not given back when the landing throws',
    mode: 'landing',
    breaks: 'nothing',
    survives: 'the blob is fetched again: a cost',
    edits: [
      edit(files.fetchContent, '.catch((error: unknown) => {\n      keepFetched(attempt, members);\n      throw error;\n    });', ';'),
    ],
  },
];
