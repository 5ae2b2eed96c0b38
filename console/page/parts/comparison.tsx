/** Microsoft, ledger and lake, compared stream by stream on request. */

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AnswerOf } from '../../api/routes.ts';
import { call } from '../api.ts';
import { count } from '../format.ts';
import { messageOf } from '../hooks.ts';
import { Badge, Empty, Fault, Panel } from './basics.tsx';

type Stream = Pick<AnswerOf<'health'>['streams'][number], 'tenant' | 'logType'>;
type Compared = Stream & { readonly answer: AnswerOf<'compareStream'> };

/** The streams one after the other, until all are compared or somebody stops it. */
export function Comparison({ streams }: { readonly streams: readonly Stream[] }): JSX.Element {
  const [done, setDone] = useState<readonly Compared[]>([]);
  const [current, setCurrent] = useState<Stream>();
  const [error, setError] = useState<string>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const compare = async (): Promise<void> => {
    const controller = (stop.current = new AbortController());
    setDone([]);
    setError(undefined);
    try {
      for (const { tenant, logType } of streams) {
        setCurrent({ tenant, logType });
        const answer = await call('compareStream', { tenant, logType }, controller.signal);
        setDone((before) => [...before, { tenant, logType, answer }]);
      }
    } catch (failure) {
      if (!controller.signal.aborted) setError(messageOf(failure));
    }
    setCurrent(undefined);
  };
  const isRunning = current !== undefined;
  return (
    <Panel
      title="Compare with Microsoft"
      side={
        <button type="button" onClick={() => (isRunning ? stop.current?.abort() : void compare())} disabled={streams.length === 0}>
          {isRunning ? 'Stop' : 'Compare'}
        </button>
      }
    >
      {error !== undefined && <Fault message={error} again={() => void compare()} />}
      {done.length === 0 && !isRunning && (
        <Empty title="What Microsoft serves, what the ledger knows and what the lake has">
          Asks Microsoft for everything again that it still serves, and changes nothing: as &#39;lake reconcile&#39;.
        </Empty>
      )}
      <p role="status">
        {isRunning && `Comparing ${current.tenant} ${current.logType}: ${String(done.length + 1)} of ${String(streams.length)}`}
        {!isRunning && done.length > 0 && done.length === streams.length && <Verdict done={done} />}
        {!isRunning &&
          done.length > 0 &&
          done.length < streams.length &&
          `Stopped after ${String(done.length)} of ${String(streams.length)}`}
      </p>
      {done.length > 0 && <Sums done={done} />}
    </Panel>
  );
}

const isOk = ({ answer }: Compared): boolean => answer.kind === 'compared' && answer.faults.length === 0;

function Verdict({ done }: { readonly done: readonly Compared[] }): JSX.Element {
  if (done.every(isOk)) return <Badge tone="good">ok: what Microsoft still serves is in the lake, on its way, or accounted for</Badge>;
  return <Badge tone="bad">not ok</Badge>;
}

function Sums({ done }: { readonly done: readonly Compared[] }): JSX.Element {
  return (
    <div class="scroll tall" tabIndex={0} role="region" aria-label="Comparison with Microsoft">
      <table>
        <thead>
          <tr>
            <th>Log type</th>
            <th class="right">Listed blobs</th>
            <th class="right">Landed</th>
            <th class="right">On their way</th>
            <th class="right">Missing</th>
            <th class="right">Records</th>
            <th class="right">In the lake</th>
            <th>Verdict</th>
          </tr>
        </thead>
        <tbody>
          {done.map((one) => (
            <Row key={`${one.tenant} ${one.logType}`} {...one} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(one: Compared): JSX.Element {
  const { tenant, logType, answer } = one;
  const name = (
    <td>
      {logType} <span class="dim">{tenant}</span>
    </td>
  );
  if (answer.kind === 'not-compared')
    return (
      <tr>
        {name}
        <td colSpan={7}>
          <Badge tone="bad">not compared</Badge> {answer.because}
          {answer.cure !== undefined && `; ${answer.cure}`}
        </td>
      </tr>
    );
  const { listed, landed, pending, missing, records, inLake, faults } = answer;
  return (
    <tr>
      {name}
      {[listed, landed, pending, missing, records, inLake].map((sum, index) => (
        <td key={index} class="right mono">
          {count(sum)}
        </td>
      ))}
      <td>{faults.length === 0 ? <Badge tone="good">ok</Badge> : faults.join('; ')}</td>
    </tr>
  );
}
