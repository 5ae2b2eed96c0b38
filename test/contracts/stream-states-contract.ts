import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { childJob, jobRef } from '../../shared/domain/fetch-job.ts';
import { days, hours, minutes } from '../../shared/domain/window.ts';
import { directoryAudits } from '../../shared/log-types/directory-audits.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { StreamState, StreamStates } from '../../shared/ports/stream-states.ts';
import { at, blobs, blobsOf, contoso, due, exchange, finish, member, nothing, pass, sharePoint } from './samples.ts';

/** Stream states under test, and the ledger that they are read from. */
export interface StatesSetup {
  readonly ledger: Ledger;
  readonly states: StreamStates;
  readonly close?: () => void;
}

const audits = { cloud: 'global', tenantId: contoso, logType: directoryAudits.id } as const;

/** What everybody who looks at a ledger sees, whatever it is made of. @param make An empty ledger, and who looks at it. */
export function streamStatesContract(make: () => Promise<StatesSetup>): void {
  let setup: StatesSetup;
  beforeEach(async () => {
    setup = await make();
  });
  afterEach(() => setup.close?.());

  const read = async (stream = exchange): Promise<StreamState> => {
    const [state] = await setup.states.read([stream], at('00:00'));
    if (!state) throw new Error('every stream that is asked for has a state');
    return state;
  };

  test('a stream that nobody has listed has no cursor and nothing else', async () => {
    expect(await read()).toEqual({ stream: exchange, pending: 0, landed: [], losses: [], gaps: [] });
  });

  test('streams come in the order asked for, each with its own', async () => {
    await setup.ledger.createJob(blobsOf(sharePoint, 'a'), due);
    const states = await setup.states.read([sharePoint, exchange], at('00:00'));
    expect(states.map(({ stream, pending }) => [stream.logType, pending])).toEqual([
      ['audit-sharepoint', 1],
      ['audit-exchange', 0],
    ]);
  });

  test('streams with pending jobs are known by themselves, with the name of their tenant', async () => {
    await setup.ledger.createJob(blobsOf(sharePoint, 'a'), due);
    await setup.ledger.createJob(blobs('b'), due);
    await setup.ledger.createJob(blobs('c'), due);
    await setup.ledger.finishJob(jobRef(blobs('c')), finish({ fates: 'l' }));
    expect(await setup.states.pendingStreams()).toEqual([
      { stream: exchange, tenantName: 'contoso', jobs: 1 },
      { stream: sharePoint, tenantName: 'contoso', jobs: 1 },
    ]);
  });

  test('the cursor is the ledger’s, its reasons included', async () => {
    const body = { watermarks: [at('08:00')], suspendedUntil: at('10:00'), suspendedBecause: 'AADSTS7000222' };
    await setup.ledger.commitCursor(exchange, 0, body, nothing);
    expect((await read()).cursor).toEqual({ ...body, version: 1 });
  });

  test('pending jobs are counted, with the first expiry of what they are for', async () => {
    const old = { ...member('old', at('01:00')) };
    await setup.ledger.createJob(blobs('a', 'b'), due);
    const job = childJob(blobs('old'), [old], at('09:00'));
    await setup.ledger.createJob(job, due);
    expect(await read()).toMatchObject({ pending: 2, nextExpiry: at('01:00') + days(7) });
    expect(await read()).not.toHaveProperty('parkedUntil');
  });

  test('of parked jobs the one that is tried first says until when', async () => {
    for (const [name, dueAt] of [
      ['a', at('09:40')],
      ['b', at('09:20')],
    ] as const) {
      await setup.ledger.createJob(blobs(name), due);
      await setup.ledger.parkJob(jobRef(blobs(name)), 1, { dueAt, parks: 1, malformed: [0], because: 'HTTP 503' });
    }
    await setup.ledger.createJob(blobs('c'), at('09:10'));
    expect(await read()).toMatchObject({ pending: 3, parkedUntil: at('09:20') });
  });

  test('of parked jobs the one of the oldest content is named, with why it waits', async () => {
    const old = childJob(blobs('old'), [member('old', at('01:00'))], at('09:00'));
    for (const [job, because] of [
      [blobs('a'), 'HTTP 503'],
      [old, 'AF50000'],
    ] as const) {
      await setup.ledger.createJob(job, due);
      await setup.ledger.parkJob(jobRef(job), 1, { dueAt: at('09:40'), parks: 1, malformed: [0], because });
    }
    await setup.ledger.createJob(childJob(blobs('older'), [member('older', at('00:30'))], at('09:00')), due);
    expect((await read()).stuck).toEqual({ since: at('01:00'), parks: 1, because: 'AF50000' });
  });

  test('a window expires with its log type’s retention', async () => {
    const window = pass(0, '06:00', '06:05', audits);
    await setup.ledger.commitCursor(audits, 0, { watermarks: [] }, { ...nothing, jobs: [window] });
    expect(await read(audits)).toMatchObject({ pending: 1, nextExpiry: at('06:00') + directoryAudits.retentionMs });
  });

  test('rows are summed up by the hour they landed in, with the newest content of each', async () => {
    const job = (name: string, created: number) => childJob(blobs(name), [member(name, created)], at('09:00'));
    const land = async (name: string, created: number, finishedAt: number, rows: number): Promise<void> => {
      await setup.ledger.createJob(job(name, created), due);
      await setup.ledger.finishJob(jobRef(job(name, created)), finish({ finishedAt, rows, fates: 'l' }));
    };
    await land('a', at('08:50'), at('09:05'), 7);
    await land('b', at('08:10'), at('09:59'), 5);
    await land('c', at('10:00'), at('10:20'), 2);
    await land('none', at('10:10'), at('10:30'), 0);
    await land('before', at('08:00') - days(1), at('09:00') - days(1), 9);
    expect((await read()).landed).toEqual([
      { hour: at('09:00'), rows: 12, newest: at('08:50') },
      { hour: at('10:00'), rows: 2, newest: at('10:00') },
    ]);
  });

  test('a job of many members and one of a window say what is newest as well', async () => {
    const many = blobs('a', 'b');
    const window = pass(0, '06:00', '06:05', audits);
    await setup.ledger.createJob(many, due);
    await setup.ledger.finishJob(jobRef(many), finish({ fates: 'll' }));
    await setup.ledger.commitCursor(audits, 0, { watermarks: [] }, { ...nothing, jobs: [window] });
    await setup.ledger.finishJob(jobRef(window), finish());
    expect((await read()).landed).toEqual([{ hour: at('09:00'), rows: 7, newest: at('08:00') }]);
    expect((await read(audits)).landed).toEqual([{ hour: at('09:00'), rows: 7, newest: at('06:05') }]);
  });

  test('a job that is final is not pending, and finishing it again counts nothing twice', async () => {
    const job = blobs('a', 'b');
    await setup.ledger.createJob(job, due);
    await setup.ledger.finishJob(jobRef(job), finish({ fates: 'll' }));
    await setup.ledger.finishJob(jobRef(job), finish({ fates: 'll', finishedAt: at('09:06') }));
    expect(await read()).toMatchObject({ pending: 0, landed: [{ rows: 7 }] });
  });

  test('losses and gaps are read whole', async () => {
    const job = blobs('a');
    const loss = {
      stream: exchange,
      contentId: member('a').contentId,
      reason: 'quarantined' as const,
      jobId: job.jobId,
      created: at('08:00'),
    };
    const gap = { stream: exchange, from: at('01:00'), to: at('02:00'), reason: 'the subscription was not enabled' };
    await setup.ledger.createJob(job, due);
    await setup.ledger.finishJob(jobRef(job), finish({ fates: 'q', rows: 0, losses: [loss] }));
    await setup.ledger.commitCursor(exchange, 0, { watermarks: [] }, { ...nothing, gaps: [gap] });
    expect(await read()).toMatchObject({ losses: [loss], gaps: [gap] });
  });

  test('who a tenant is is what the ledger has', async () => {
    await setup.ledger.noteTenantId('contoso', contoso);
    expect(await setup.states.tenantId('contoso')).toBe(contoso);
    expect(await setup.states.tenantId('fabrikam')).toBeUndefined();
  });

  test('why a tenant has never had a token is what the ledger has', async () => {
    const failure = { since: at('08:00'), isRefused: false, cause: { code: 'timeout', message: 'it timed out', cure: '' } };
    await setup.ledger.noteTokenFailure('fabrikam', failure);
    expect(await setup.states.tokenFailure('fabrikam')).toEqual(failure);
    expect(await setup.states.tokenFailure('contoso')).toBeUndefined();
  });

  test('looking changes nothing', async () => {
    await setup.ledger.createJob(blobs('a'), due);
    const before = await setup.ledger.readJob(jobRef(blobs('a')));
    await setup.states.read([exchange, audits], at('09:00') - hours(24) + minutes(7));
    expect(await setup.ledger.readJob(jobRef(blobs('a')))).toEqual(before);
  });
}
