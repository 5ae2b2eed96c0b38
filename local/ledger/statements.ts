import type { DatabaseSync } from 'node:sqlite';

/** Every statement of the ledger, prepared once. A condition that does not hold changes no row, and `changes` is 0 then. */
export function prepareStatements(db: DatabaseSync) {
  return {
    readCursor: db.prepare('SELECT version, body, mean_blob_bytes FROM cursors WHERE stream = ?'),
    replaceCursor: db.prepare(`
      INSERT INTO cursors (stream, version, body) VALUES (:stream, :version + 1, :body)
      ON CONFLICT (stream) DO UPDATE SET version = version + 1, body = excluded.body WHERE version = :version`),
    noteBlobBytes: db.prepare(`
      INSERT INTO cursors (stream, version, body, mean_blob_bytes) VALUES (:stream, 0, '{}', :mean)
      ON CONFLICT (stream) DO UPDATE SET mean_blob_bytes = excluded.mean_blob_bytes`),

    readTenantId: db.prepare('SELECT tenant_id FROM tenants WHERE tenant_name = ?'),
    noteTenantId: db.prepare(`
      INSERT INTO tenants (tenant_name, tenant_id) VALUES (:tenantName, :tenantId)
      ON CONFLICT (tenant_name) DO UPDATE SET tenant_id = excluded.tenant_id`),
    readTokenFailure: db.prepare('SELECT failure FROM token_failures WHERE tenant_name = ?'),
    noteTokenFailure: db.prepare(`
      INSERT INTO token_failures (tenant_name, failure)
      SELECT :tenantName, :failure WHERE NOT EXISTS (SELECT 1 FROM tenants WHERE tenant_name = :tenantName)
      ON CONFLICT (tenant_name) DO UPDATE SET failure = excluded.failure`),
    dropTokenFailure: db.prepare('DELETE FROM token_failures WHERE tenant_name = ?'),

    readClaim: db.prepare('SELECT job_id FROM claims WHERE stream = ? AND claim = ?'),
    claim: db.prepare(`
      INSERT INTO claims (stream, claim, job_id, claimed_at) VALUES (:stream, :claim, :jobId, :claimedAt)
      ON CONFLICT DO NOTHING`),

    addJob: db.prepare(`
      INSERT INTO jobs (stream, key, tenant_name, job, window_start, window_end, pass, state, due_at, starts, parks, malformed, version)
      VALUES (:stream, :key, :tenantName, :job, :windowStart, :windowEnd, :pass, 'pending', :dueAt, 0, 0, :malformed, 1)
      ON CONFLICT DO NOTHING`),
    addMembers: db.prepare('INSERT INTO members (stream, key, members) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
    readJob: db.prepare(`${selectJobs} WHERE stream = ? AND key = ?`),
    startJob: db.prepare(`
      UPDATE jobs SET starts = starts + 1 WHERE stream = ? AND key = ? AND state = 'pending' RETURNING starts`),
    parkJob: db.prepare(`
      UPDATE jobs SET due_at = :dueAt, parks = :parks, malformed = :malformed, because = :because, starts = 0, version = version + 1
      WHERE stream = :stream AND key = :key AND state = 'pending' AND version = :version`),
    finishJob: db.prepare(`
      UPDATE jobs SET state = 'landed', due_at = NULL, finished_at = :finishedAt, fates = :fates, rows = :rows, bytes = :bytes,
             objects = :objects
      WHERE stream = :stream AND key = :key AND state = 'pending'`),
    splitJob: db.prepare(`
      UPDATE jobs SET state = 'split', due_at = NULL, finished_at = :at, objects = :objects
      WHERE stream = :stream AND key = :key AND state = 'pending'`),
    restoreJob: db.prepare(`
      UPDATE jobs SET state = :state, due_at = NULL, finished_at = :finishedAt, fates = :fates, rows = :rows, bytes = :bytes, version = :version
      WHERE stream = :stream AND key = :key`),
    reopenJob: db.prepare(`
      UPDATE jobs SET state = 'pending', due_at = :dueAt, finished_at = NULL, fates = NULL, rows = NULL, bytes = NULL, objects = NULL, because = NULL, starts = 0, parks = 0,
             job = :job, malformed = :malformed, version = version + 1
      WHERE stream = :stream AND key = :key`),
    replaceMembers: db.prepare('INSERT OR REPLACE INTO members (stream, key, members) VALUES (?, ?, ?)'),
    overlappingJobs: db.prepare(`
      ${selectJobs} WHERE stream = :stream AND window_end > :start AND window_start < :end AND pass < :beforePass ORDER BY key`),
    dueJobs: db.prepare(`
      SELECT stream, key, tenant_name, due_at FROM jobs WHERE due_at < :before OR due_at > :beyond
      ORDER BY due_at, stream, key LIMIT :limit`),
    postponeJob: db.prepare(`
      UPDATE jobs SET due_at = :to WHERE stream = :stream AND key = :key AND due_at = :from`),

    addLoss: db.prepare(`
      INSERT INTO losses (stream, content_id, reason, job_id, created) VALUES (:stream, :contentId, :reason, :jobId, :created)
      ON CONFLICT DO NOTHING`),
    deleteLoss: db.prepare(`
      DELETE FROM losses
      WHERE stream = :stream AND content_id = :contentId AND reason = :reason AND job_id = :jobId AND created = :created`),
    addGap: db.prepare(`
      INSERT INTO gaps (stream, from_time, to_time, pass, reason) VALUES (:stream, :from, :to, :pass, :reason)
      ON CONFLICT DO NOTHING`),
    addNotice: db.prepare('INSERT INTO notices (finding_id, finding, at) VALUES (:findingId, :finding, :at) ON CONFLICT DO NOTHING'),
    addNote: db.prepare('INSERT INTO evidence_notes (dataset, id, entries) VALUES (:dataset, :id, :entries) ON CONFLICT DO NOTHING'),
    unsentNotices: db.prepare(`
      SELECT finding_id, finding, at, deliveries FROM notices
      WHERE sent_at IS NULL AND (due_at IS NULL OR due_at <= :dueBy OR due_at > :beyond) ORDER BY at, finding_id LIMIT :limit`),
    noteDeliveries: db.prepare(`
      UPDATE notices SET deliveries = :deliveries, due_at = :dueAt, sent_at = :sentAt WHERE finding_id = :findingId AND sent_at IS NULL`),
    readPace: db.prepare('SELECT pace FROM channels WHERE channel = ?'),
    notePace: db.prepare('INSERT OR REPLACE INTO channels (channel, pace) VALUES (?, ?)'),
    noticesNotTaken: db.prepare(`SELECT count(*) AS count FROM notices WHERE sent_at >= ? AND deliveries LIKE '%"state":"dead"%'`),
    forgetNotices: db.prepare('DELETE FROM notices WHERE sent_at < ?'),
    losses: db.prepare('SELECT * FROM losses WHERE stream = ? ORDER BY created, content_id'),
    gaps: db.prepare('SELECT * FROM gaps WHERE stream = ? ORDER BY from_time, to_time, pass'),

    jobs: db.prepare(`${selectJobs} WHERE stream = ? ORDER BY key`),
    pendingJobs: db.prepare(
      `${selectJobs} WHERE due_at IS NOT NULL AND (:stream IS NULL OR stream = :stream) ORDER BY due_at, stream, key`,
    ),
    streams: db.prepare('SELECT stream FROM cursors UNION SELECT DISTINCT stream FROM jobs ORDER BY stream'),
    streamCounts: db.prepare(`
      SELECT count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'landed') AS landed,
             count(*) FILTER (WHERE state = 'split') AS split, coalesce(sum(rows), 0) AS rows, coalesce(sum(bytes), 0) AS bytes,
             min(due_at) AS oldest_due_at, max(finished_at) AS last_finished_at,
             (SELECT count(*) FROM losses WHERE stream = :stream) AS losses, (SELECT count(*) FROM gaps WHERE stream = :stream) AS gaps
      FROM jobs WHERE stream = :stream`),

    forgetClaims: db.prepare('DELETE FROM claims WHERE claimed_at < ?'),
    forgetMembers: db.prepare(`
      DELETE FROM members WHERE (stream, key) IN (SELECT stream, key FROM jobs WHERE finished_at < ?)`),
    forgetJobs: db.prepare('DELETE FROM jobs WHERE finished_at < ?'),
  };
}

/** The ledger's statements by name, prepared for one connection. */
export type Statements = ReturnType<typeof prepareStatements>;

const selectJobs = 'SELECT jobs.*, members.members FROM jobs LEFT JOIN members USING (stream, key)';
