/** Bugs of one machine: its collector, what it waits for, and what it leaves to a disk that may lose its power. */

import { bug, type CodeBug } from '../../proof/planted-bugs/planted-bug.ts';
import type { PlantedAdapter } from './adapter-bug.ts';

const collector = 'local/collector.ts';
const drain = 'cli/run/drain.ts';
const follow = 'cli/run/follow.ts';
const queue = 'local/jobs.ts';
const lake = 'local/lake.ts';
const folder = 'local/lake-folder.ts';
const ledger = 'local/ledger.ts';

const collecting: readonly CodeBug[] = [
  bug('a run ends while jobs are parked', drain, 'const next = pending.find((job) => isTrouble(job));', 'const next = undefined;'),
  bug(
    'a run ends while jobs are queued',
    drain,
    'if ((await jobs.size(clock.now())).queued > 0)',
    'if ((await jobs.size(clock.now())).queued < 0)',
  ),
  bug('a run waits for as long as anything is parked', drain, 'if (!next || dueAtOf(next) - clock.now() > patienceMs)', 'if (!next)'),
  bug('a run waits for what waits for an earlier pass', drain, 'return state.parks > 0;', 'return state.parks >= 0;'),
  bug('a run that waits sends nothing again', drain, 'await collector.sweep();', ''),
  bug('a run takes up nothing', drain, 'await collector.resume();', ''),
  bug('a run that was stopped goes on', drain, 'if (isStopped()) return', 'if (isStopped === undefined) return'),
  bug('workers outlive their run', drain, 'isOver = true; await working;', 'isOver = true;'),
  bug('a log type that was refused is not reported', drain, "end.kind === 'stopped' ?", "end.kind === 'overtaken' ?"),
  bug(
    'a job whose attempt failed stays in the queue',
    collector,
    'await jobs.ack(delivery.receipt);',
    "if (event.kind !== 'failed') await jobs.ack(delivery.receipt);",
  ),
  bug('a job whose attempt failed ends its worker', collector, "event = { kind: 'failed', what: `job ${key}`, error };", 'throw error;'),
  bug('a queue that fails ends the worker', collector, "onEvent({ kind: 'failed', what: 'the queue', error });", 'throw error;'),
  bug('a worker asks a failed queue again at once', collector, 'await clock.sleep(storeRestMs);', 'await clock.sleep(1);'),
  bug('a start sweeps everything', collector, '(starts > 0 || version === 1)', '(starts >= 0 || version === 1)'),
  bug('a start takes up only what was begun', collector, '(starts > 0 || version === 1)', 'starts > 0'),
  bug('a start takes up only what has lost its message', collector, '(starts > 0 || version === 1)', 'version === 1'),
  bug('a start leaves what is due', collector, 'const due = await sweepNow(adapters);', 'const due = 0;'),
  bug('a start sends nothing of what was in flight', collector, 'await adapters.jobs.send(inFlight);', ''),
  bug('the daily forgetting asks nobody for the time', follow, '&& isTimeKnown(adapters)', ''),
  bug('a clock that jumped forgets at once', follow, 'if (hasJumped(lastTick, now)) forgetAt = now + afterJumpMs;', ''),
  bug('a sweep that fails ends the run', follow, "await attempt('the sweep', collector.sweep());", 'await collector.sweep();'),
  bug('a list that fails ends the run', follow, "attempt('a list', collector.list(source))", 'collector.list(source)'),
  bug('forgetting that fails ends the run', follow, "await attempt('forgetting', ledger.forget(now));", 'await ledger.forget(now);'),
  bug('a compaction that fails ends the run', follow, 'attempt(compaction, compact())', 'compact()'),
  bug('tenants that cannot be read end the run', follow, "await attempt( 'reading the tenants',", 'await Promise.resolve('),
  bug('a run takes up nothing of the one before', follow, 'await collector.resume();', ''),
  bug('a run ends before its lists do', follow, 'await Promise.all([working, ...running.values()]);', 'await working;'),
];

/** The collector's loop, `drain` and `follow`, over stores in memory. */
export const machine: PlantedAdapter = {
  name: 'machine',
  tests: ['test/local/collector.test.ts', 'test/cli/run/drain.test.ts', 'test/cli/run/follow.test.ts'],
  testsOf: {
    [collector]: ['test/local/collector.test.ts'],
    [drain]: ['test/cli/run/drain.test.ts'],
    [follow]: ['test/cli/run/follow.test.ts'],
  },
  bugs: collecting,
};

const keeping: readonly CodeBug[] = [
  bug('an object is not flushed', lake, 'await flush(copy);', ''),
  bug('the name of an object is not flushed', lake, 'await flush(dirname(to)); return outcome;', 'return outcome;'),
  bug(
    'the name of an object that was taken is not flushed',
    lake,
    'await flush(dirname(to)); return outcome;',
    "if (outcome === 'put') await flush(dirname(to)); return outcome;",
  ),
  bug(
    'an object is flushed once it has its name',
    lake,
    'await flush(copy); await makeFlushedFolder(dirname(target)); const outcome = await linkOnce(copy, target);',
    'await makeFlushedFolder(dirname(target)); const outcome = await linkOnce(copy, target); await flush(copy);',
  ),
  bug(
    'a folder that was made is not flushed',
    lake,
    'await makeFlushedFolder(dirname(target));',
    'await mkdir(dirname(target), { recursive: true });',
  ),
  bug('an object takes the place of another', lake, 'const outcome = await link(from, to)', 'const outcome = await copyFile(from, to)'),
  bug(
    'an object is the file that was put',
    lake,
    'await copyFile(file, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);',
    'await link(file, copy);',
  ),
  bug('the ledger may forget its last writes', ledger, "synchronous: 'FULL'", "synchronous: 'NORMAL'"),
  bug('what a lake is may be forgotten', folder, 'await flush(draft);', ''),
  bug('what a killed run had in flight stays hidden', queue, 'if (redeliver) queue.redeliver();', ''),
  bug(
    'an old receipt acks what was delivered again',
    queue,
    'DELETE FROM messages WHERE id = ? AND deliveries = ?',
    'DELETE FROM messages WHERE id = ? AND deliveries >= ?',
  ),
];

/** What is on disk before it is answered. */
export const disk: PlantedAdapter = {
  name: 'disk',
  tests: [
    'test/local/lake.test.ts',
    'test/local/ledger.test.ts',
    'test/local/lake-folder.test.ts',
    'test/local/jobs.test.ts',
    'test/local/flushing.test.ts',
  ],
  testsOf: {
    [lake]: ['test/local/lake.test.ts', 'test/local/flushing.test.ts'],
    [ledger]: ['test/local/flushing.test.ts'],
    [folder]: ['test/local/flushing.test.ts'],
    [queue]: ['test/local/jobs.test.ts'],
  },
  bugs: keeping,
};
