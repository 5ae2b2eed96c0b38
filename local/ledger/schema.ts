/**
 * The ledger's tables. Conditions over one row are constraints here as well, so that no path through the code can
 * break them: a job has `due_at` exactly while it is pending.
 */
export const ledgerSchema = `
CREATE TABLE IF NOT EXISTS cursors (
  stream          TEXT    NOT NULL PRIMARY KEY,
  version         INTEGER NOT NULL,              -- 0: no commit yet, only a noted mean
  body            TEXT    NOT NULL,              -- JSON, see CursorBody
  mean_blob_bytes REAL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS tenants (
  tenant_name TEXT NOT NULL PRIMARY KEY,
  tenant_id   TEXT NOT NULL                      -- as its last token named it
) STRICT, WITHOUT ROWID;

-- Of tenants that have never had a token.
CREATE TABLE IF NOT EXISTS token_failures (
  tenant_name TEXT NOT NULL PRIMARY KEY,
  failure     TEXT NOT NULL                      -- JSON, see TokenFailure
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS claims (
  stream     TEXT    NOT NULL,
  claim      TEXT    NOT NULL,                   -- hash of the contentId, see claimKey
  job_id     TEXT    NOT NULL,
  claimed_at INTEGER NOT NULL,
  PRIMARY KEY (stream, claim)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS jobs (
  stream       TEXT    NOT NULL,
  key          TEXT    NOT NULL,                 -- see jobKey
  tenant_name  TEXT    NOT NULL,
  job          TEXT    NOT NULL,                 -- JSON, see FetchJob; members apart, because they never change
  window_start INTEGER,
  window_end   INTEGER,
  pass         INTEGER,
  state        TEXT    NOT NULL CHECK (state IN ('pending', 'landed', 'split')),
  due_at       INTEGER,
  starts       INTEGER NOT NULL,
  parks        INTEGER NOT NULL,
  malformed    TEXT    NOT NULL,                 -- JSON, a number a member
  version      INTEGER NOT NULL,
  because      TEXT,                             -- of the last park
  fates        TEXT,
  finished_at  INTEGER,
  rows         INTEGER,
  bytes        INTEGER,
  objects      TEXT,                             -- see packSealed
  PRIMARY KEY (stream, key),
  CHECK ((state = 'pending') = (due_at IS NOT NULL)),
  CHECK ((state = 'pending') = (finished_at IS NULL))
) STRICT;
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_hours ON jobs (json_extract(job, '$.landingHour'));
-- By end, not start: most windows ended long before the one that is asked for.
CREATE INDEX IF NOT EXISTS jobs_windows ON jobs (stream, window_end) WHERE window_end IS NOT NULL;

CREATE TABLE IF NOT EXISTS members (
  stream  TEXT NOT NULL,
  key     TEXT NOT NULL,
  members TEXT NOT NULL,                         -- JSON, see Member
  PRIMARY KEY (stream, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS losses (
  stream     TEXT    NOT NULL,
  content_id TEXT    NOT NULL,
  reason     TEXT    NOT NULL CHECK (reason IN ('expired', 'quarantined')),
  job_id     TEXT    NOT NULL,
  created    INTEGER NOT NULL,
  PRIMARY KEY (stream, content_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS notices (
  finding_id TEXT    NOT NULL PRIMARY KEY,
  finding    TEXT    NOT NULL,                   -- JSON, the finding's row
  at         INTEGER NOT NULL,
  sent_at    INTEGER,                            -- NULL: still in the outbox
  due_at     INTEGER,                            -- NULL: at once
  deliveries TEXT                                -- JSON by channel, see Delivery; NULL before the first attempt
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS notices_unsent ON notices (at) WHERE sent_at IS NULL;

CREATE TABLE IF NOT EXISTS channels (
  channel TEXT NOT NULL PRIMARY KEY,
  pace    TEXT NOT NULL                          -- JSON, see Pace
) STRICT, WITHOUT ROWID;

-- How far the manifests of a dataset are.
CREATE TABLE IF NOT EXISTS chains (
  dataset  TEXT    NOT NULL PRIMARY KEY,
  version  INTEGER NOT NULL,
  position TEXT    NOT NULL                      -- JSON, see ChainPosition
) STRICT, WITHOUT ROWID;

-- What the next manifest lists beside the hours that it closes.
CREATE TABLE IF NOT EXISTS evidence_notes (
  dataset TEXT NOT NULL,
  id      TEXT NOT NULL,
  entries TEXT NOT NULL,                         -- JSON, see ManifestEntry
  PRIMARY KEY (dataset, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS gaps (
  stream     TEXT    NOT NULL,
  from_time  INTEGER NOT NULL,
  to_time    INTEGER NOT NULL,
  pass       INTEGER NOT NULL,                   -- -1: not of a pass
  reason     TEXT    NOT NULL,
  PRIMARY KEY (stream, from_time, to_time, pass)
) STRICT, WITHOUT ROWID;
`;
