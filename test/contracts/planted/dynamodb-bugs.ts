/** Bugs of the ledger in DynamoDB; each kind was once planted and found by nothing, or is the next of its kind. */

import { bug, type CodeBug } from '../../proof/planted-bugs/planted-bug.ts';
import type { PlantedAdapter } from './adapter-bug.ts';

const ledger = 'shared/aws/ledger.ts';
const items = 'shared/aws/ledger-items.ts';
const table = 'shared/aws/table.ts';
const transaction = 'shared/aws/transact.ts';
const writes = 'shared/aws/ledger-writes.ts';
const expression = 'shared/aws/write-expression.ts';

const bugs: readonly CodeBug[] = [
  // Times to live.
  bug(
    'claims end after three days',
    items,
    'job: jobId, ttl: expiryOf(claimedAt) };',
    'job: jobId, ttl: expiryOf(claimedAt) - 32 * 86_400 };',
  ),
  bug('claims never end', items, 'job: jobId, ttl: expiryOf(claimedAt) };', 'job: jobId };'),
  bug('times to live are in milliseconds', items, 'return Math.ceil((from + remembersMs) / 1_000);', 'return from + remembersMs;'),
  bug(
    'pending jobs have a time to live',
    items,
    "const state = { state: 'pending', dueAt,",
    "const state = { state: 'pending', ttl: expiryOf(dueAt), dueAt,",
  ),
  bug('restored claims end at once', ledger, 'const claimedAt = state.finishedAt ?? state.dueAt ?? 0;', 'const claimedAt = 0;'),
  bug('a job that is opened again ends with what it was', items, "'malformed', 'because', 'ttl'],", "'malformed', 'because'],"),
  bug(
    'members of a job that is opened again end with what it was',
    ledger,
    "members: packMembers(job.stream, members) }, remove: ['ttl'] }",
    'members: packMembers(job.stream, members) } }',
  ),
  bug(
    'claims between two transactions of a rebuild are forgotten',
    ledger,
    'from += actionsAtOnce) await transact(this.table, first.slice(from,',
    'from += maxActions) await transact(this.table, first.slice(from,',
  ),
  bug('a final job stays for ever', ledger, 'bytes, objects, ttl: expiryOf(finishedAt) }; const change', 'bytes, objects }; const change'),
  bug(
    'members of a final job stay for ever',
    ledger,
    'if (isFinished && (fates?.length ?? 0) > 1)',
    'if (isFinished && (fates?.length ?? 0) > 1_000)',
  ),
  bug(
    'losses end with their job',
    writes,
    'return this.addOnce(lossKey(loss), { contentId, reason, jobId, created });',
    'return this.addOnce(lossKey(loss), { contentId, reason, jobId, created, ttl: created / 1_000 });',
  ),
  // Reads.
  bug('the cursor is read eventually', ledger, 'Key: cursorKey(stream), ConsistentRead: true });', 'Key: cursorKey(stream) });'),
  bug('claims are read eventually', table, 'ConsistentRead: consistent,', 'ConsistentRead: consistent && keys.length === 0,'),
  bug('earlier passes are read eventually', ledger, '}, ConsistentRead: true, });', '}, });'),
  bug('jobs are read eventually', table, "':prefix': prefix }, ConsistentRead: true, });", "':prefix': prefix }, });"),
  bug('the second page is forgotten', table, '} while (from && items.length < limit);', '} while (from && items.length < 0);'),
  bug('unprocessed keys are forgotten', table, 'unread = answer.UnprocessedKeys?.[name]?.Keys ?? [];', 'unread = [];'),
  bug(
    'keys beyond the first hundred are forgotten',
    table,
    'from < keys.length; from += keysAtOnce',
    'from < Math.min(keys.length, keysAtOnce); from += keysAtOnce',
  ),
  bug(
    'an eventual look-up of claims costs a consistent one',
    ledger,
    "{ consistent, attributes: ['job'] }",
    "{ consistent: consistent || keys.length > 0, attributes: ['job'] }",
  ),
  // Transactions.
  bug(
    'a conflict is an answer',
    transaction,
    "const busy = ['TransactionConflict', 'ThrottlingError',",
    "const busy = ['ThrottlingError',",
  ),
  bug('a throttled transaction is an answer', transaction, "'TransactionConflict', 'ThrottlingError',", "'TransactionConflict',"),
  bug(
    'what is there already cancels everything',
    transaction,
    "when === 'must' && codes[index] === failedCondition",
    'when !== undefined && codes[index] === failedCondition',
  ),
  bug(
    'a broken must is left out, and the rest written',
    transaction,
    "if (actions.some(({ when }, index) => when === 'must' &&",
    'if (actions.some(({ when }, index) => when === undefined &&',
  ),
  bug(
    'a new job has no token',
    ledger,
    "'must'), ...claims]; return (await transact(this.table, actions, tokenOf(this.table, job, dueAt)))",
    "'must'), ...claims]; return (await transact(this.table, actions))",
  ),
  // Conditions.
  bug(
    'a commit does not look at the version',
    ledger,
    "version === 0 ? { absent: ['version'] } : { equal: { version } }",
    "version === 0 ? { absent: ['version'] } : {}",
  ),
  bug('a first commit replaces a cursor', ledger, "version === 0 ? { absent: ['version'] }", 'version === 0 ? {}'),
  bug('a taken claim is taken over', ledger, "job.jobId, dueAt), 'must')", "job.jobId, dueAt), 'if absent')"),
  bug(
    'a park does not look at the version',
    ledger,
    "{ set: parked }, { equal: { state: 'pending', version } }",
    "{ set: parked }, { equal: { state: 'pending' } }",
  ),
  bug('a park keeps the starts', ledger, 'parks, starts: 0, version', 'parks, version'),
  bug('a park forgets why', ledger, 'version: version + 1, malformed, because };', 'version: version + 1, malformed };'),
  bug('a final job is started', ledger, '{ add: { starts: 1 } }, pending)', '{ add: { starts: 1 } })'),
  bug(
    'a final job is finished again',
    ledger,
    '(await transact(this.table, [this.write.mustUpdate(jobItemKey(ref), change, pending), ...along]))',
    '(await transact(this.table, [this.write.mustUpdate(jobItemKey(ref), change), ...along]))',
  ),
  bug('a final job stays due', ledger, "const neverAgainDue = ['dueAt', 'dueShard'];", "const neverAgainDue = ['dueShard'];"),
  bug(
    'a split does not look whether the job is pending',
    ledger,
    '{ set: final, remove: neverAgainDue }, pending);',
    '{ set: final, remove: neverAgainDue });',
  ),
  bug('a job is postponed from anywhere', ledger, "{ equal: { state: 'pending', dueAt: from } }", "{ equal: { state: 'pending' } }"),
  bug('a lost answer of a finish is a defeat', ledger, 'pending, (item) => holds(item, final))', 'pending)'),
  bug(
    'a lost answer of a park is a defeat',
    ledger,
    "holds(item, { ...parked, state: 'pending' }),",
    "holds(item, { ...parked, state: 'other' }),",
  ),
  bug(
    'a loss written again replaces the first',
    writes,
    'return this.mustUpdate(key, { setOnce });',
    'return this.mustUpdate(key, { set: setOnce });',
  ),
  bug('losses stay that are taken back', ledger, '...losses.map((loss) => this.write.deleteLoss(loss))];', '];'),
  bug(
    'a loss of another job is taken back',
    writes,
    'writeExpression({}, { equal: { jobId, reason } });',
    'writeExpression({}, { equal: { reason } });',
  ),
  bug(
    'a loss for another reason is taken back',
    writes,
    'writeExpression({}, { equal: { jobId, reason } });',
    'writeExpression({}, { equal: { jobId } });',
  ),
  bug(
    'losses are taken back that stand no more',
    writes,
    "return { when: 'must', write: { Delete:",
    "return { when: 'if absent', write: { Delete:",
  ),
  bug(
    'losses are taken back for a job that is there',
    ledger,
    "[...this.write.putJob({ job, dueAt }, 'must'), ...losses.map(",
    "[...this.write.putJob({ job, dueAt }, 'if absent'), ...losses.map(",
  ),
  bug(
    'losses are taken back without their job',
    ledger,
    "[...this.write.putJob({ job, dueAt }, 'must'), ...losses.map(",
    '[...losses.map(',
  ),
  // Keys and ranges.
  bug(
    'claims of all streams are one',
    items,
    'return { pk: streamKey(stream), sk: `claim#${claimKey(contentId)}` };',
    'return { pk: stream.tenantId, sk: `claim#${claimKey(contentId)}` };',
  ),
  bug('gaps of two passes are one', items, "...(pass === undefined ? [] : [String(pass)])].join('#')", "].join('#')"),
  bug(
    'long windows before this one are not looked at',
    ledger,
    "':from': `job#${iso(window.start - longestWindowMs)}`,",
    "':from': `job#${iso(window.start)}`,",
  ),
  bug('a later pass counts as an earlier one', ledger, 'job.pass < beforePass &&', 'job.pass <= beforePass &&'),
  bug(
    'one shard of due jobs is never read',
    ledger,
    'await Promise.all(dueShards.map((shard) => this.dueOfShard',
    'await Promise.all(dueShards.slice(1).map((shard) => this.dueOfShard',
  ),
  bug('due jobs come in no order', ledger, '.flat() .sort(byDueAt) .slice(0, limit)', '.flat() .slice(0, limit)'),
  bug('a removed attribute stays', expression, "'REMOVE', remove.map(", "'REMOVE', remove.slice(1).map("),
];

/** `shared/aws/ledger*.ts` on a DynamoDB in memory. */
export const dynamoDbLedger: PlantedAdapter = {
  name: 'dynamodb',
  tests: ['test/aws-free/ledger.test.ts', 'test/aws-free/transact.test.ts'],
  bugs,
};
