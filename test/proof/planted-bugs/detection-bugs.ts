/** Bugs of what rules find: a job is final only with its findings, whoever finishes it. How timelines are read is hunted by `npm run proof:detections`. */

import { edit, files, type PlantedBug } from './planted-bug.ts';

const [detect, detectObject] = ['lambdas/fetch/detect.ts', 'lambdas/fetch/detect-object.ts'];
const detected = 'const findings = mark.rows > 0 ? await detect(attempt) : [];';

/** See the file's comment. */
export const detectionBugs: readonly PlantedBug[] = [
  {
    name: 'a job is final before its findings have landed',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(files.finish, detected, 'const findings: LandedFindings = [];'),
      edit(files.finish, 'await noteKnown(attempt, findings);', 'await noteKnown(attempt, mark.rows > 0 ? await detect(attempt) : []);'),
    ],
  },
  {
    name: 'only whoever has put the raw object looks for findings',
    mode: 'mixed',
    breaks: 'safety',
    edits: [edit(files.finish, detected, 'const findings = mark.rows > 0 && input.bytes !== undefined ? await detect(attempt) : [];')],
  },
  {
    name: 'notices are left out of the final write',
    mode: 'mixed',
    breaks: 'safety',
    edits: [edit(files.finish, '...(notices.length > 0 && { notices }),', '')],
  },
  {
    name: 'hits of all jobs are put under one name',
    mode: 'mixed',
    breaks: 'safety',
    edits: [edit(detectObject, 'await deps.sightings.put( jobId,', "await deps.sightings.put('job',")],
  },
  {
    name: 'findings are known before they have landed',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        detect,
        "const into = join(folder, 'findings.parquet');",
        "await detecting.sightings.noteKnown(rows.map((row) => row.finding_id as string), deps.clock.now() + knownForMs); const into = join(folder, 'findings.parquet');",
      ),
    ],
  },
];
