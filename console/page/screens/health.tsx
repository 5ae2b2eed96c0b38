/** Can I prove that it is complete? */

import type { JSX } from 'preact';
import type { AnswerOf } from '../../api/routes.ts';
import type { ScreenProps } from '../app.tsx';
import { bytes, count, timeOfMs } from '../format.ts';
import { useAnswer } from '../hooks.ts';
import { Comparison } from '../parts/comparison.tsx';
import { Badge, Bars, Empty, Fault, Loading, Panel } from '../parts/basics.tsx';

type Streams = AnswerOf<'health'>['streams'];

/** The screen. */
export function Health({ session }: ScreenProps): JSX.Element {
  const answer = useAnswer('health', {});
  const { data } = answer;
  return (
    <div class="screen">
      <header class="title">
        <h1>Health</h1>
        <span class="dim">
          of {session.place}, as of {timeOfMs(session.now)} UTC
        </span>
      </header>
      {answer.error !== undefined && <Fault message={answer.error} again={answer.again} />}
      {!data && answer.error === undefined && <Loading what="Reading the ledger" />}
      {data && <Missing streams={data.streams} />}
      {data && (
        <div class="columns even">
          <Lateness streams={data.streams} />
          <Backfill streams={data.streams} />
        </div>
      )}
      {data && (
        <Panel title="Compaction">
          {data.compaction.length === 0 ? (
            <Empty
              title={
                session.backend === 'aws'
                  ? 'Compacted by Athena: every six hours where little lands, within the hour where much does'
                  : 'Never compacted'
              }
            >
              {session.backend === 'aws'
                ? 'docs/architecture.md says how.'
                : "'lake start' compacts every hour, 'lake compact' a lake at rest."}
            </Empty>
          ) : (
            <div class="scroll" tabIndex={0} role="region" aria-label="Compacted datasets">
              <table>
                <thead>
                  <tr>
                    <th>Dataset</th>
                    <th class="right">Parts</th>
                    <th class="right">Size</th>
                  </tr>
                </thead>
                <tbody>
                  {data.compaction.map((one) => (
                    <tr key={one.dataset}>
                      <td>{one.dataset}</td>
                      <td class="right mono">{count(one.parts)}</td>
                      <td class="right mono">{bytes(one.bytes)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Panel>
      )}
      {data && <Comparison streams={data.streams} />}
    </div>
  );
}

function Missing({ streams }: { readonly streams: Streams }): JSX.Element {
  const rows = streams.flatMap(({ tenant, logType, gaps, losses }) => [
    ...gaps.map(({ from, to, reason }) => ({ tenant, logType, what: 'gap', from, until: timeOfMs(to), why: reason })),
    ...losses.map(({ reason, created, contentId }) => ({ tenant, logType, what: reason, from: created, until: '', why: contentId })),
  ]);
  return (
    <Panel
      title="Gaps, losses and quarantine"
      side={<Badge tone={rows.length === 0 ? 'good' : 'bad'}>{rows.length === 0 ? 'none' : count(rows.length)}</Badge>}
    >
      {rows.length === 0 ? (
        <Empty title="Nothing is known to be missing">What Microsoft no longer served would have a row here.</Empty>
      ) : (
        <div class="scroll tall" tabIndex={0} role="region" aria-label="Gaps and losses">
          <table>
            <thead>
              <tr>
                <th>Tenant</th>
                <th>Log type</th>
                <th>What</th>
                <th>From</th>
                <th>Until</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              {rows
                .toSorted((one, other) => other.from - one.from)
                .slice(0, 500)
                .map((row, index) => (
                  <tr key={index}>
                    <td>{row.tenant}</td>
                    <td>{row.logType}</td>
                    <td>
                      <Badge tone={row.what === 'quarantined' ? 'warn' : 'bad'}>{row.what}</Badge>
                    </td>
                    <td class="mono">{timeOfMs(row.from)}</td>
                    <td class="mono">{row.until}</td>
                    <td class="cut">{row.why}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function Lateness({ streams }: { readonly streams: Streams }): JSX.Element {
  return (
    <Panel title="How late Microsoft serves">
      <div class="scroll" tabIndex={0} role="region" aria-label="Lateness">
        <table>
          <thead>
            <tr>
              <th>Log type</th>
              <th class="right">At once</th>
              <th class="right">Late</th>
              <th>How late</th>
            </tr>
          </thead>
          <tbody>
            {streams.map(({ tenant, logType, lateness }) => {
              const [first, ...late] = lateness;
              return (
                <tr key={`${tenant} ${logType}`}>
                  <td>
                    {logType} <span class="dim">{tenant}</span>
                  </td>
                  <td class="right mono">{count(first?.count ?? 0)}</td>
                  <td class="right mono">{count(late.reduce((sum, one) => sum + one.count, 0))}</td>
                  <td>
                    <Bars
                      counts={lateness.map((one) => one.count)}
                      label={lateness.map((one) => `${one.late}: ${count(one.count)}`).join(', ')}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Backfill({ streams }: { readonly streams: Streams }): JSX.Element {
  return (
    <Panel title="History that was collected">
      <div class="scroll" tabIndex={0} role="region" aria-label="Backfill">
        <table>
          <thead>
            <tr>
              <th>Log type</th>
              <th>Listed</th>
              <th>Until</th>
              <th class="right">Waiting</th>
            </tr>
          </thead>
          <tbody>
            {streams.map(
              ({ tenant, logType, backfill }) =>
                backfill && (
                  <tr key={`${tenant} ${logType}`}>
                    <td>
                      {logType} <span class="dim">{tenant}</span>
                    </td>
                    <td>
                      <span class="track wide">
                        <span class="fill" style={{ width: `${String(backfill.listedShare * 100)}%` }} />
                      </span>{' '}
                      <span class="mono">{Math.round(backfill.listedShare * 100)} %</span>
                    </td>
                    <td class="mono">{timeOfMs(backfill.listedUntil)}</td>
                    <td class="right mono">{count(backfill.waiting + backfill.live)}</td>
                  </tr>
                ),
            )}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
