/** Bugs of detection, each of which the simulation has to find. The batch that judges goes through the same kinds: bugs are of what is not shared. */

import { bug, edit, type CodeBug } from '../proof/planted-bugs/planted-bug.ts';

const finish = 'lambdas/fetch/finish.ts';
const station = 'lambdas/fetch/detect.ts';
const object = 'lambdas/fetch/detect-object.ts';
const absences = 'lambdas/fetch/find-absences.ts';
const cap = 'shared/detections/evaluate/cap.ts';
const days = 'shared/detections/evaluate/first-seen.ts';
const kinds = 'shared/detections/evaluate/findings.ts';
const hits = 'shared/detections/evaluate/hit.ts';
const windows = 'shared/detections/evaluate/window.ts';
const sequences = 'shared/detections/evaluate/sequence.ts';
const travels = 'shared/detections/evaluate/travel.ts';

/** Every planted bug. */
export const detectionBugs: readonly CodeBug[] = [
  // The station
  bug(
    'a job is final before its findings',
    finish,
    'const findings = mark.rows > 0 ? await detect(attempt) : [];',
    'const findings: LandedFindings = [];',
  ),
  bug('nobody is notified', finish, '...(notices.length > 0 && { notices }),', ''),
  bug(
    'findings are known before the job is final',
    finish,
    'const outcome = outcomeOf(',
    'await noteKnown(attempt, findings);\n  const outcome = outcomeOf(',
  ),
  bug(
    'findings are sent and never landed',
    station,
    "if ((await lake.putOnce(findingsKey, into, metadata)) === 'put') return rows;",
    'return rows;',
  ),
  bug('one finding is not worth an object', station, 'if (rows.length === 0) return [];', 'if (rows.length < 2) return [];'),
  // Put, then read
  {
    name: 'the timeline is read before the own hits are put',
    edits: [
      edit(object, 'await deps.sightings.put( jobId,', 'const putLater = () => deps.sightings.put( jobId,'),
      edit(
        object,
        'const timelines = await deps.sightings.timelines(ranges);',
        'const timelines = await deps.sightings.timelines(ranges); await putLater();',
      ),
      edit(object, 'timelines[index] ?? [], tenantId', '[...(timelines[index] ?? []), ...(sighted[index]?.hits ?? [])], tenantId'),
    ],
  },
  {
    name: 'days are read before they are remembered',
    edits: [
      edit(
        object,
        'await sightings.remember([...entities, ...rules]);',
        'const later = () => sightings.remember([...entities, ...rules]);',
      ),
      edit(object, 'return sightings.days(ranges);', 'const read = await sightings.days(ranges); await later(); return read;'),
    ],
  },
  bug(
    'only the own hits are looked at',
    object,
    'timelineFindings(detection, of, timelines[index] ?? [], tenantId)',
    'timelineFindings(detection, of, sighted[index]?.hits ?? [], tenantId)',
  ),
  bug('hits are put under one name for all jobs', object, 'await deps.sightings.put( jobId,', "await deps.sightings.put('job',"),
  bug('the timeline is read from the first hit on only', object, 'from: (hits[0]?.time ?? 0) - withinMs,', 'from: hits[0]?.time ?? 0,'),
  bug(
    'the timeline is read up to the last hit only',
    object,
    'to: (hits.at(-1)?.time ?? 0) + withinMs + 1,',
    'to: (hits.at(-1)?.time ?? 0) + 1,',
  ),
  bug('a group is looked at once a row group', object, 'before ? eachOnce([...before.hits, ...hits]) : hits', 'hits'),
  bug(
    'days of an earlier row group are forgotten',
    object,
    'days: new Map([...entity.days, ...(known.get(key)?.days ?? [])])',
    'days: entity.days',
  ),
  {
    name: 'what is known is landed no more, superseded or not',
    edits: [
      edit(object, "findings.filter(({ state }) => state === 'new').map(({ id }) => id)", 'findings.map(({ id }) => id)'),
      edit(object, "findings.filter(({ id, state }) => state !== 'new' || !known.has(id))", 'findings.filter(({ id }) => !known.has(id))'),
    ],
  },
  bug('the days before are not read', object, 'from: Math.min(...own) - withinDays,', 'from: Math.min(...own),'),
  bug('the days after are not read', object, 'to: Math.max(...own) + withinDays,', 'to: Math.max(...own),'),
  bug(
    'a rule is looked up by the exact operation',
    object,
    "(typeof operation === 'string' ? fold(operation) : '')",
    "(typeof operation === 'string' ? operation : '')",
  ),
  bug('the first operation of a rule is enough', object, 'return [...operations].flatMap(', 'return [...operations].slice(0, 1).flatMap('),
  bug(
    'rules share their timelines',
    object,
    'const ruleKey = ({ id, version }: Detection): string => `${id}@${version}`;',
    "const ruleKey = (_: Detection): string => 'rule';",
  ),
  // Absence
  bug(
    'nothing is remembered of what is there',
    object,
    'const presences = presencesOf(object, seen, deps);',
    'const presences: SightedDays[] = [];',
  ),
  bug(
    'only the last row group is there',
    object,
    'const known = hours.get(detection) ?? new Set<number>();',
    'const known = new Set<number>();',
  ),
  bug('what is on its way is absent', absences, '|| pending.has(streamKey(stream))', ''),
  {
    name: 'an absence is known before it is notified',
    edits: [
      edit(absences, 'await outbox.add(noticesOf(landed, clock.now()));', ''),
      edit(
        absences,
        'await detecting.sightings.noteKnown([finding.id], clock.now() + knownForMs);',
        'await detecting.sightings.noteKnown([finding.id], clock.now() + knownForMs); await outbox.add(noticesOf(landed, clock.now()));',
      ),
    ],
  },
  {
    name: 'an absence is known before it lands',
    edits: [
      edit(
        absences,
        'const own = await rowOf(finding, watched, key, deps);',
        'await detecting.sightings.noteKnown([finding.id], clock.now() + knownForMs); const own = await rowOf(finding, watched, key, deps);',
      ),
    ],
  },
  // What is kept
  bug('only the first hits of a slice are kept', cap, '[...keep(slice), ...keep(slice.toReversed())]', 'keep(slice)'),
  bug('one hit of each end is kept', cap, 'slice.slice(0, how.least)', 'slice.slice(0, 1)'),
  bug(
    'one value too few is kept',
    cap,
    'firstOfEach(slice, ({ value }) => value, how.least)',
    'firstOfEach(slice, ({ value }) => value, how.least - 1)',
  ),
  bug(
    'a slice is a bucket',
    cap,
    'const sliceMs = how.bucketMs / Math.ceil(how.bucketMs / how.withinMs);',
    'const sliceMs = how.bucketMs;',
  ),
  bug(
    'a slice is a window, whatever the bucket',
    cap,
    'const sliceMs = how.bucketMs / Math.ceil(how.bucketMs / how.withinMs);',
    'const sliceMs = how.withinMs;',
  ),
  bug('an ordered sequence keeps the first of each part', cap, 'return how.isOrdered ? undefined : (slice)', 'return (slice)'),
  bug(
    'a sum keeps half of the hits that it needs',
    cap,
    'slice.slice(0, end < 0 ? slice.length : end + 1)',
    'slice.slice(0, end < 0 ? slice.length : end >> 1)',
  ),
  // Keys
  bug(
    'a window is keyed by its first hit',
    kinds,
    'key: [groupKey(group), String(bucket)]',
    'key: [groupKey(group), String(hits[0]?.time)]',
  ),
  bug(
    'a window is keyed by how much it counted',
    kinds,
    'key: [groupKey(group), String(bucket)]',
    'key: [groupKey(group), String(bucket), String(count)]',
  ),
  bug(
    'what is repeated in another object is another hit',
    hits,
    'for (const hit of inOrder(hits)) if (!byKey.has(hitKey(hit))) byKey.set(hitKey(hit), hit);',
    'for (const [index, hit] of inOrder(hits).entries()) byKey.set(String(index), hit);',
  ),
  bug('what was superseded is not reported', days, 'superseded: [...days].filter(', 'superseded: [].filter('),
  bug(
    'an own day is never superseded',
    days,
    'superseded: [...days].filter((day) =>',
    'superseded: [...days].filter((day) => !mine.has(day) &&',
  ),
  bug(
    'superseded is what was new but for the own days',
    days,
    'superseded: [...days].filter((day) => isAnyOf(mine, lastBefore(day, days, withinDays)))',
    'superseded: [...days].filter((day) => !mine.has(day) && !isNew(day, days, withinDays) && isNew(day, new Set([...days].filter((one) => !mine.has(one))), withinDays))',
  ),
  bug(
    'only a window that holds exactly enough has an anchor',
    windows,
    'if (tally.count() < least) continue;',
    'if (tally.count() !== least) continue;',
  ),
  bug(
    'a chain that begins earlier displaces one that begins later',
    sequences,
    'if (begins >= known) latest[hit.part] = chain;',
    'latest[hit.part] ??= chain;',
  ),
  bug(
    'travel is measured from the first time at a place',
    travels,
    "latestAt.set(hit.value ?? '', { hit, place });",
    "if (!latestAt.has(hit.value ?? '')) latestAt.set(hit.value ?? '', { hit, place });",
  ),
];
