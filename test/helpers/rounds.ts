/** What each round of write-until-killed.ts writes. */

import { childJob, type ContentJob } from '../../shared/domain/fetch-job.ts';
import { quarantineKey } from '../../shared/domain/landing-key.ts';
import { minutes } from '../../shared/domain/window.ts';
import type { Finish } from '../../shared/ports/ledger.ts';
import { at, blobs, due, finish, member, pass, signIns } from '../contracts/samples.ts';

export const throttleOf = (): string => 'reporting';

const names = (round: number): readonly string[] => ['a', 'b', 'c', 'd'].map((name) => `${name}-${String(round)}`);

export const jobOf = (round: number): ContentJob => blobs(...names(round));

export const childOf = (round: number): ContentJob => childJob(jobOf(round), jobOf(round).members.slice(2), at('09:05'));

/** A landing key of the kind that needs no Parquet file: this is about files and folders, not about what is in them. */
export const keyOf = (round: number): string => quarantineKey('msft_o365_exchange_online_raw', jobOf(round), 0);

/** Large enough for a kill to fall into the writing of it. */
export const contentOf = (round: number): string => `${String(round)}\n`.repeat(50_000);

export function finishOf(round: number): Finish {
  const job = jobOf(round);
  const [first] = names(round);
  const { contentId, created } = member(first ?? '');
  const loss = { stream: job.stream, contentId, reason: 'expired' as const, jobId: job.jobId, created };
  const child = { job: childOf(round), malformed: [0, 0], dueAt: due };
  return finish({ fates: 'elss', losses: [loss], children: [child] });
}

/** The windows and the gap of a round's commit; each log type stands for one window. */
export function alongsideOf(round: number) {
  const jobs = ['x', 'y', 'z'].map((name) => pass(0, '06:00', '06:05', { ...signIns, logType: `${name}-${String(round)}` }));
  const gap = { stream: signIns, from: at('01:00') + minutes(round), to: at('05:00') + minutes(round), reason: 'too old', pass: 0 };
  return { jobs, dueAt: due, gaps: [gap] };
}
