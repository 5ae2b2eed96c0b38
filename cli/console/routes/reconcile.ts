/** Whether Microsoft, ledger and lake agree about one stream: what `lake reconcile` compares. */

import type { AnswerOf, RequestOf } from '../../../console/api/routes.ts';
import type { HourOfStream } from '../../../shared/domain/reconcile.ts';
import { describeFinding } from '../../commands/reconcile/describe-finding.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import type { StreamReport } from '../../reconcile/reconciling.ts';
import type { Backend } from '../backend.ts';

/** Asks Microsoft for everything of the stream that it still serves. Nothing is changed. It ends with the question of the browser. */
export async function compareStream(
  backend: Backend,
  scope: RequestOf<'compareStream'>,
  signal: AbortSignal,
): Promise<AnswerOf<'compareStream'>> {
  const { deps, close } = await backend.reconciliation(signal);
  try {
    const onSubject = (): void => {
      signal.throwIfAborted();
    };
    const [report] = await reconcile(deps, scope, { isRepairing: false, onSubject });
    if (!report) return { kind: 'not-compared', because: `no configured tenant '${scope.tenant}' collects ${scope.logType}` };
    return answerOf(report);
  } finally {
    await close();
  }
}

function answerOf(report: StreamReport): AnswerOf<'compareStream'> {
  if (report.kind === 'not-compared') {
    const { code, message, cure } = report.cause;
    return { kind: 'not-compared', because: `${message} (${code})`, cure };
  }
  const { hours, findings } = report.comparison;
  const sum = (name: Exclude<keyof HourOfStream, 'hour' | 'isGap'>): number => hours.reduce((total, hour) => total + hour[name], 0);
  return {
    kind: 'compared',
    ...{ listed: sum('listed'), landed: sum('landed'), pending: sum('pending') + sum('awaited'), missing: sum('missing') },
    ...{ records: sum('records'), inLake: sum('inLake'), gaps: report.gaps, faults: findings.map(describeFinding) },
  };
}
