/** The file that a manifest is: where it is, how it is opened, and what is said where it cannot be. */

import { closeSync, existsSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isHalfWritten, isUnwritable, openCopy } from '../database.ts';

/**
 * `horizons` says up to which landing date the objects of a tenant were given up, exclusive, the empty name standing for everybody: the rows
 * of earlier objects are in parts alone. It only ever moves on.
 *
 * `hours` says of which landing hours every object is compacted, and when their folders last changed: such a folder need not be listed as
 * long as its time of change is the same. `dates` says the same of landing dates, of which every hour is settled. Nothing depends on either
 * but speed.
 */
const schema = `
CREATE TABLE IF NOT EXISTS parts (
  name       TEXT    NOT NULL PRIMARY KEY,
  dataset    TEXT    NOT NULL,
  day        TEXT    NOT NULL,
  rows       INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  retired_at INTEGER                             -- absent while it counts
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS parts_of_day ON parts (dataset, day) WHERE retired_at IS NULL;

CREATE TABLE IF NOT EXISTS objects (
  dataset  TEXT    NOT NULL,
  hour     TEXT    NOT NULL,                     -- landing hour, 2026-11-22T06
  name     TEXT    NOT NULL,
  noted_at INTEGER NOT NULL DEFAULT 0,           -- when a step took it into parts
  PRIMARY KEY (dataset, hour, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hours (
  dataset    TEXT NOT NULL,
  hour       TEXT NOT NULL,
  changed_ns TEXT NOT NULL,
  PRIMARY KEY (dataset, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS horizons (
  dataset TEXT NOT NULL,
  tenant  TEXT NOT NULL,
  dt      TEXT NOT NULL,
  PRIMARY KEY (dataset, tenant)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS dates (
  dataset    TEXT NOT NULL,
  dt         TEXT NOT NULL,
  changed_ns TEXT NOT NULL,
  PRIMARY KEY (dataset, dt)
) STRICT, WITHOUT ROWID;
`;

const busyTimeoutMs = 10_000;

/** There once a landed object has expired: from then on the parts, and the manifest that says which of them count, are nowhere else. */
const soleCopyFile = (root: string): string => join(root, 'compacted.only-copy');

/** Where the manifest of a lake folder is. */
const manifestFile = (root: string): string => join(root, 'compacted.sqlite');

/** Whether a lake was ever compacted. */
export const isCompacted = (root: string): boolean => existsSync(manifestFile(root)) || existsSync(soleCopyFile(root));

/** Opens the manifest of a lake folder, for the one process that compacts, or for reading. @throws With the file and the cure. */
export function openManifestFile(root: string, readOnly: boolean): DatabaseSync {
  if (!existsSync(manifestFile(root)) && existsSync(soleCopyFile(root))) throw new Error(goneText(root));
  try {
    if (readOnly) return openForReading(manifestFile(root));
    return openForWriting(manifestFile(root));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const cure = existsSync(soleCopyFile(root))
      ? `${onlyCopy}: ${restoreIt}`
      : "delete it, then run 'lake compact'; nothing is lost by that";
    throw new Error(`'${manifestFile(root)}' cannot be read (${why}): ${cure}`, { cause: error });
  }
}

/** No write-ahead log: then it can be read where nothing can be written. There is one write a step. */
function openForWriting(file: string): DatabaseSync {
  return begun(new DatabaseSync(file, { timeout: busyTimeoutMs }), (db) => {
    db.exec(`PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; ${schema}`);
    addNotedAt(db);
  });
}

/** What a process that was killed left half written is first taken back: in place, or, where nothing can be written, in a copy. */
function openForReading(file: string): DatabaseSync {
  try {
    return openAsItIs(file);
  } catch (error) {
    if (!isHalfWritten(error)) throw error;
  }
  try {
    begun(new DatabaseSync(file, { timeout: busyTimeoutMs }), look).close();
    return openAsItIs(file);
  } catch (error) {
    if (!isHalfWritten(error) && !isUnwritable(error)) throw error;
    return begun(openCopy(file, '-journal'), look);
  }
}

const openAsItIs = (file: string): DatabaseSync => begun(new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs }), look);
function look(db: DatabaseSync): void {
  db.exec('SELECT 1 FROM parts LIMIT 1');
}

/** Closes it when the first statements fail. */
function begun(db: DatabaseSync, first: (db: DatabaseSync) => void): DatabaseSync {
  try {
    first(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Lakes that were compacted before it was noted when. */
function addNotedAt(db: DatabaseSync): void {
  const columns = db.prepare('PRAGMA table_info(objects)').all();
  if (!columns.some(({ name }) => name === 'noted_at')) db.exec('ALTER TABLE objects ADD COLUMN noted_at INTEGER NOT NULL DEFAULT 0');
}

/** Notes for good that the parts hold rows that no object has. On disk before this returns. */
export function noteSoleCopy(root: string): void {
  if (existsSync(soleCopyFile(root))) return;
  const file = openSync(soleCopyFile(root), 'w', 0o600);
  writeSync(file, `${onlyCopy[0]?.toUpperCase() ?? ''}${onlyCopy.slice(1)}: back up compacted/ and compacted.sqlite together.\n`);
  fsyncSync(file);
  closeSync(file);
  const folder = openSync(root, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

const onlyCopy = 'landed objects have expired whose rows are nowhere but in compacted/';
const goneText = (root: string): string => `'${manifestFile(root)}' is gone, and ${onlyCopy}: ${restoreIt}`;
const restoreIt = 'restore both from one backup; the files in compacted/ that it names are left as they are';
