/** Bugs of what runs the stations for several tenants and streams at once: the handlers' loops, the collector, `follow` and `drain`. */

import { edit, files, type PlantedBug } from './planted-bug.ts';

/** Bugs of the loops around the stations. */
export const fleetBugs: readonly PlantedBug[] = [
  {
    name: 'a list function leaves out the tenants before its turn',
    mode: 'functions',
    breaks: 'liveness',
    edits: [edit(files.listHandler, 'return [...tenants.slice(first), ...tenants.slice(0, first)];', 'return tenants.slice(first);')],
  },
  {
    name: 'a list function lists one tenant for everybody',
    mode: 'functions',
    breaks: 'liveness',
    edits: [
      edit(
        files.listHandler,
        '(tenant) => listTenant(tenant, { ...deps, ...rules }, known, deadline)',
        '() => listTenant(chosen[0], { ...deps, ...rules }, known, deadline)',
      ),
    ],
  },
  {
    name: 'a batch of messages ends at the first that fails, and the rest is acked',
    mode: 'functions',
    breaks: 'nothing',
    survives: 'each job is still due: the sweep sends it again, later than the queue would',
    edits: [
      edit(
        files.fetchHandler,
        'for (const message of Records) if (!(await handle(message, place, context))) failed.push(message.messageId);',
        'for (const message of Records) if (!(await handle(message, place, context))) { failed.push(message.messageId); break; }',
      ),
    ],
  },
  {
    name: 'nobody works on windows on one machine',
    mode: 'follow',
    breaks: 'liveness',
    edits: [edit(files.collector, 'if (landing) workers.push(', 'if (landing && workers.length === 0) workers.push(')],
  },
  {
    name: 'a new run of follow lists nothing before its schedule is read again',
    mode: 'follow',
    breaks: 'nothing',
    survives: 'the tenants are read again after a minute, and what is new begins at once',
    edits: [edit(files.follow, 'scheduleOf(firstRuns(collector.sources, clock.now()));', 'scheduleOf(firstRuns([], clock.now()));')],
  },
  {
    name: 'drain lists the first source only',
    mode: 'drain',
    breaks: 'liveness',
    edits: [
      edit(
        files.collector,
        'return pMap(collector.sources, list, { concurrency });',
        'return pMap(collector.sources.slice(0, 1), list, { concurrency });',
      ),
    ],
  },
  {
    name: 'drain sweeps nothing when it begins',
    mode: 'drain',
    breaks: 'liveness',
    edits: [edit(files.collector, '  const due = await sweepNow(adapters);', '  const due = 0;')],
  },
];
