import { describe, expect, test } from '@jest/globals';
import { runCommandLine } from '../../../cli/command-line.ts';
import { isOk, reconcileJson, reconcileReport } from '../../../cli/commands/reconcile/report.ts';
import type { StreamReport } from '../../../cli/reconcile/reconciling.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import type { Finding, HourOfStream } from '../../../shared/domain/reconcile.ts';
import { at, exchange, member, span } from '../../contracts/samples.ts';

async function runLake(...parameters: string[]) {
  let err = '';
  const code = await runCommandLine(parameters, { out: () => undefined, err: (text) => (err += text) });
  return { code, err };
}

describe('lake reconcile', () => {
  test.each([
    { name: 'no lake', words: ['--lake', '/no/such/lake'], err: "there is no lake in '/no/such/lake'" },
    { name: 'an unknown log type', words: ['--log-type', 'audit-exchagne'], err: 'audit-exchange' },
    { name: 'a time that is no time', words: ['--from', 'yesterday'], err: "'yesterday' is no time" },
    { name: 'a span that ends before it begins', words: ['--from', '2026-11-22', '--to', '2026-11-21'], err: 'is not before --to' },
    { name: 'a deployment and a tenants file', words: ['--aws', '--tenants', 'tenants.json'], err: 'cannot be used with' },
  ])('$name is wrong usage', async ({ words, err }) => {
    const ended = await runLake('reconcile', ...words);
    expect({ code: ended.code, err: ended.err }).toEqual({ code: 2, err: expect.stringContaining(err) });
  });
});

const hour: HourOfStream = {
  ...{ hour: at('08:00'), listed: 2, landed: 1, pending: 0, quarantined: 0, expired: 0, awaited: 0, changed: 0, missing: 1 },
  ...{ records: 7, inLake: 7, isGap: false },
};
const subject = {
  tenant: { name: 'contoso', tenantDomain: 'contoso.example', clientId: 'x', credentialKind: 'secret' },
  logType: logTypeById('audit-exchange'),
  stream: exchange,
  window: span('00:00', '12:00'),
} as const;
const unclaimed: Finding = { kind: 'unclaimed', blobs: [member('a')] };
const compared = (findings: readonly Finding[], repaired?: { jobs: number; waiting: number; left: number }): StreamReport => ({
  ...{ kind: 'compared', subject, gaps: 0, comparison: { hours: [hour], findings, oldestPending: at('07:30') } },
  ...(repaired && { repaired }),
});
const refused: StreamReport = {
  kind: 'not-compared',
  tenant: 'contoso',
  logType: 'dlp-all',
  cause: { code: 'AADSTS7000222', message: 'the client secret has expired', cure: 'Make a new one' },
};

describe('the report', () => {
  test.each([
    { name: 'nothing found is ok', report: compared([]), ok: true },
    { name: 'something found is not', report: compared([unclaimed]), ok: false },
    { name: 'what a repair has seen to is', report: compared([unclaimed], { jobs: 1, waiting: 0, left: 0 }), ok: true },
    { name: 'what has to wait is not', report: compared([unclaimed], { jobs: 1, waiting: 1, left: 0 }), ok: false },
    { name: 'what a repair leaves is not', report: compared([unclaimed], { jobs: 0, waiting: 0, left: 1 }), ok: false },
    { name: 'what was not compared is not', report: refused, ok: false },
  ])('$name', ({ report, ok }) => {
    expect(isOk([report])).toBe(ok);
  });

  test('says by the hour what is open, what is wrong and what to do', () => {
    const text = reconcileReport(
      [compared([unclaimed]), refused],
      { width: 200, layout: 'aligned' as const, dim: same, bold: same },
      false,
    );
    expect(text).toContain('2026-11-22T08:00Z');
    expect(text).toContain('contoso audit-exchange: 1 content blobs are listed and claimed by no job');
    expect(text).toContain('the oldest that is pending is of 2026-11-22T07:30:00.000Z');
    expect(text).toContain('contoso dlp-all was not compared: the client secret has expired (AADSTS7000222)\n  Make a new one');
    expect(text).toMatch(/not ok$/);
  });

  test('says everything as JSON', () => {
    expect(reconcileJson([compared([unclaimed])])).toMatchObject({
      verdict: 'not ok',
      streams: [
        {
          ...{ tenant: 'contoso', logType: 'audit-exchange', verdict: 'not ok' },
          findings: [{ kind: 'unclaimed', examples: [member('a').contentId] }],
          hours: [{ hour: '2026-11-22T08:00:00.000Z', listed: 2, landed: 1, missing: 1 }],
        },
      ],
    });
  });
});

const same = (text: string): string => text;
