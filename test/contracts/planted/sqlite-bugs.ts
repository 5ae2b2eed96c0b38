/** Bugs of the ledger in SQLite. */

import { bug, type CodeBug } from '../../proof/planted-bugs/planted-bug.ts';
import type { PlantedAdapter } from './adapter-bug.ts';

const ledger = 'local/ledger.ts';
const statements = 'local/ledger/statements.ts';
const database = 'local/database.ts';

const bugs: readonly CodeBug[] = [
  bug('claims are forgotten after three days', ledger, 'const remembersMs = days(35);', 'const remembersMs = days(3);'),
  bug('the daily forgetting comes a month late', ledger, 'const remembersMs = days(35);', 'const remembersMs = days(65);'),
  bug(
    'pending jobs are forgotten',
    statements,
    "forgetJobs: db.prepare('DELETE FROM jobs WHERE finished_at < ?')",
    "forgetJobs: db.prepare('DELETE FROM jobs WHERE coalesce(finished_at, due_at) < ?')",
  ),
  bug(
    'claims are never forgotten',
    statements,
    "'DELETE FROM claims WHERE claimed_at < ?'",
    "'DELETE FROM claims WHERE claimed_at < ? - 1e15'",
  ),
  bug('a commit does not look at the version', statements, 'body = excluded.body WHERE version = :version`', 'body = excluded.body`'),
  bug(
    'a later version is made out of nothing',
    ledger,
    'if (version !== 0 && this.cursorOf(stream)?.version !== version) return false;',
    '',
  ),
  bug('a commit forgets its gaps', ledger, 'for (const gap of alongside.gaps) this.sql.addGap.run(gapToRow(gap));', ''),
  bug('a commit forgets its jobs', ledger, 'for (const job of alongside.jobs) this.addJob(job, alongside.dueAt);', ''),
  bug('a mean makes a cursor', statements, "VALUES (:stream, 0, '{}', :mean)", "VALUES (:stream, 1, '{}', :mean)"),
  bug('a taken claim is taken over', ledger, 'if (this.sql.claim.run(claim).changes === 0) cancel();', 'this.sql.claim.run(claim);'),
  bug(
    'a job that is there is created again',
    ledger,
    'if (!this.addJob(job, dueAt)) cancel(); for (const member of job.members) { const claim',
    'this.addJob(job, dueAt); for (const member of job.members) { const claim',
  ),
  bug('a cancelled job leaves its first claims', ledger, 'return inTransaction(this.db, () => work(cancel));', 'return work(cancel);'),
  bug(
    'a final job is started',
    statements,
    "WHERE stream = ? AND key = ? AND state = 'pending' RETURNING starts",
    'WHERE stream = ? AND key = ? RETURNING starts',
  ),
  bug('a park does not look at the version', statements, "state = 'pending' AND version = :version`", "state = 'pending'`"),
  bug('a park keeps the starts', statements, 'because = :because, starts = 0, version', 'because = :because, version'),
  bug(
    'a park forgets why',
    statements,
    'malformed = :malformed, because = :because, starts',
    'malformed = :malformed, because = nullif(:because, :because), starts',
  ),
  bug(
    'a final job is finished again',
    statements,
    "rows = :rows, bytes = :bytes, objects = :objects WHERE stream = :stream AND key = :key AND state = 'pending'`",
    'rows = :rows, bytes = :bytes, objects = :objects WHERE stream = :stream AND key = :key`',
  ),
  bug('a final job stays due', statements, "SET state = 'landed', due_at = NULL,", "SET state = 'landed',"),
  bug('a finish forgets losses', ledger, 'for (const loss of finish.losses) this.sql.addLoss.run(lossToRow(loss));', ''),
  bug(
    'a finish forgets children',
    ledger,
    'for (const child of finish.children) this.addJob(child.job, child.dueAt, child.malformed);',
    '',
  ),
  bug(
    'children begin without their malformed answers',
    ledger,
    'this.addJob(child.job, child.dueAt, child.malformed);',
    'this.addJob(child.job, child.dueAt);',
  ),
  bug('a split job stays due', statements, "SET state = 'split', due_at = NULL,", "SET state = 'split',"),
  bug(
    'a split does not look whether the job is pending',
    statements,
    "finished_at = :at, objects = :objects WHERE stream = :stream AND key = :key AND state = 'pending'`",
    'finished_at = :at, objects = :objects WHERE stream = :stream AND key = :key`',
  ),
  bug('a later pass counts as an earlier one', statements, 'pass < :beforePass', 'pass <= :beforePass'),
  bug('windows that touch overlap', statements, 'window_end > :start', 'window_end >= :start'),
  bug('a job is postponed from anywhere', statements, 'AND key = :key AND due_at = :from`', 'AND key = :key AND :from IS NOT NULL`'),
  bug('due jobs come in no order', statements, 'OR due_at > :beyond ORDER BY due_at, stream, key', 'OR due_at > :beyond ORDER BY key DESC'),
  bug(
    'claims of all streams are one',
    statements,
    "'SELECT job_id FROM claims WHERE stream = ? AND claim = ?'",
    "'SELECT job_id FROM claims WHERE ? IS NOT NULL AND claim = ?'",
  ),
  bug(
    'a restored job is pending',
    ledger,
    "if (state.state !== 'pending') this.sql.restoreJob",
    "if (state.state === 'pending') this.sql.restoreJob",
  ),
  bug('a reopened job keeps its fates', statements, 'finished_at = NULL, fates = NULL, rows = NULL', 'finished_at = NULL, rows = NULL'),
  bug(
    'a reopened job keeps its members',
    ledger,
    "if (record.job.kind === 'content') this.sql.replaceMembers",
    "if (record.job.kind === 'window') this.sql.replaceMembers",
  ),
  bug(
    'a reopen does not look when the job ended',
    ledger,
    'if (record?.state.finishedAt !== finishedAt) return false;',
    'if (!record) return false;',
  ),
  bug(
    'losses are taken back that stand no more',
    ledger,
    'for (const loss of losses) if (!changed(this.sql.deleteLoss.run(lossToRow(loss)))) cancel();',
    'for (const loss of losses) this.sql.deleteLoss.run(lossToRow(loss));',
  ),
  bug(
    'losses stay that are taken back',
    ledger,
    'if (!changed(this.sql.deleteLoss.run(lossToRow(loss)))) cancel();',
    'if (loss.created < 0) cancel();',
  ),
  bug(
    'a loss of another job is taken back',
    statements,
    'AND reason = :reason AND job_id = :jobId AND created = :created`',
    'AND reason = :reason AND :jobId IS NOT NULL AND created = :created`',
  ),
  bug(
    'a loss for another reason is taken back',
    statements,
    'AND reason = :reason AND job_id = :jobId AND created = :created`',
    'AND :reason IS NOT NULL AND job_id = :jobId AND created = :created`',
  ),
  bug(
    'losses are taken back without their job',
    ledger,
    'if (!this.addJob(job, dueAt)) cancel(); for (const loss of losses)',
    'if (this.sql.readJob.get(streamKey(job.stream), job.jobId)) cancel(); for (const loss of losses)',
  ),
  bug(
    'losses are taken back for a job that is there',
    ledger,
    'if (!this.addJob(job, dueAt)) cancel(); for (const loss of losses)',
    'this.addJob(job, dueAt); for (const loss of losses)',
  ),
  bug('nothing is flushed', database, "PRAGMA synchronous = ${options.synchronous ?? 'FULL'};", 'PRAGMA synchronous = OFF;'),
];

/** `local/ledger.ts` on a file. */
export const sqliteLedger: PlantedAdapter = {
  name: 'sqlite',
  tests: ['test/local/ledger.test.ts', 'test/local/database.test.ts'],
  bugs,
};
