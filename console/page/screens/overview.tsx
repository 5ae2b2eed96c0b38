/** Is everything coming in, and is something wrong? */

import type { JSX } from 'preact';
import type { AnswerOf, StreamState } from '../../api/routes.ts';
import type { ScreenProps } from '../app.tsx';
import { count, shortCount, span, time } from '../format.ts';
import { useAnswer, type Go } from '../hooks.ts';
import { Badge, Bars, Empty, Fault, Level, Link, Loading, Panel } from '../parts/basics.tsx';
import { rangeOf } from '../parts/range.tsx';

/** The screen. */
export function Overview({ session, params, go }: ScreenProps): JSX.Element {
  const overview = useAnswer('overview', {});
  const found = useAnswer('findingCounts', rangeOf(params, session, '7d'));
  const { data } = overview;
  return (
    <div class="screen">
      <header class="title">
        <h1>Overview</h1>
        <span class="dim">
          {session.place} · {session.engine} · {session.version}
        </span>
      </header>
      {overview.error !== undefined && <Fault message={overview.error} again={overview.again} />}
      {data ? <Tiles data={data} found={found.data} go={go} /> : overview.error === undefined && <Loading />}
      {data && data.needs.length > 0 && (
        <Panel title="Needs a person" side={<Badge tone="bad">{count(data.needs.length)}</Badge>}>
          <ul class="needs">
            {data.needs.map((need) => (
              <li key={need}>{need}</li>
            ))}
          </ul>
        </Panel>
      )}
      <div class="columns two-one">
        {data && <Collected data={data} go={go} />}
        <Newest found={found} go={go} />
      </div>
    </div>
  );
}

function Tiles({
  data,
  found,
  go,
}: {
  readonly data: AnswerOf<'overview'>;
  readonly found: AnswerOf<'findingCounts'> | undefined;
  readonly go: Go;
}): JSX.Element {
  const all = data.tenants.flatMap(({ streams }) => streams);
  const byHour = Array.from({ length: 24 }, (_, hour) => sum(all.map(({ rowsByHour }) => rowsByHour[hour] ?? 0)));
  const lag = Math.max(0, ...all.flatMap(({ lagMs }) => lagMs ?? []));
  const lost = sum(all.map(({ gaps, expired, quarantined }) => gaps + expired + quarantined));
  const open = found?.levels.filter(({ level }) => level === 'high' || level === 'critical').reduce((total, one) => total + one.open, 0);
  return (
    <div class="tiles">
      <Link go={go} to="search" class="tile">
        <span class="label">Landed in the last 24 h</span>
        <span class="big">{count(sum(all.map(({ rowsLastDay }) => rowsLastDay)))}</span>
        <Bars counts={byHour} label="Records landed by hour" />
      </Link>
      <Link go={go} to="findings" class="tile">
        <span class="label">Open, high or critical</span>
        <span class={`big ${(open ?? 0) > 0 ? 'is-bad' : ''}`}>{open === undefined ? '…' : count(open)}</span>
        <span class="levels">
          {found?.levels.toReversed().map(
            ({ level, open: many }) =>
              many > 0 && (
                <span key={level} class={`badge level-${level}`}>
                  {count(many)} {level}
                </span>
              ),
          )}
        </span>
      </Link>
      <Link go={go} to="health" class="tile">
        <span class="label">Lost, all time</span>
        <span class={`big ${lost > 0 ? 'is-bad' : ''}`}>{count(lost)}</span>
        <span class="dim">gaps, expired and quarantined content; each has its row</span>
      </Link>
      <div class="tile">
        <span class="label">{data.isSimulated ? 'Simulated; collected up to' : 'Longest lag'}</span>
        <span class="big">{all.length === 0 ? 'none' : span(lag)}</span>
        <span class="dim">
          {count(all.length)} log types of {count(data.tenants.length)} tenants
        </span>
      </div>
    </div>
  );
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

function Collected({ data, go }: { readonly data: AnswerOf<'overview'>; readonly go: Go }): JSX.Element {
  if (data.tenants.length === 0)
    return (
      <Panel title="Collected">
        <Empty title="Nothing is collected yet">
          <Link go={go} to="tenants">
            Set up a tenant
          </Link>
        </Empty>
      </Panel>
    );
  return (
    <Panel title="Collected" class="wide">
      <div class="scroll" tabIndex={0} role="region" aria-label="Collected log types">
        <table>
          <thead>
            <tr>
              <th>Log type</th>
              <th>State</th>
              <th class="right">Lag</th>
              <th>Last 24 hours</th>
              <th class="right">Rows</th>
              <th class="right">Waiting</th>
              <th class="right">Lost</th>
            </tr>
          </thead>
          {data.tenants.map((tenant) => (
            <tbody key={tenant.name}>
              <tr class="group">
                <th colSpan={7} scope="rowgroup">
                  <Link go={go} to="search" params={{ tenant: tenant.name }}>
                    {tenant.name}
                  </Link>{' '}
                  <Badge tone={tenant.state === 'enabled' ? 'good' : 'warn'}>{tenant.state}</Badge>
                  {tenant.faults.map((fault) => (
                    <span class="is-bad" key={fault}>
                      {' '}
                      {fault}
                    </span>
                  ))}
                </th>
              </tr>
              {tenant.streams.map((stream) => (
                <StreamRow key={stream.logType} stream={stream} isSimulated={data.isSimulated} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </Panel>
  );
}

function StreamRow({ stream, isSimulated }: { readonly stream: StreamState; readonly isSimulated: boolean }): JSX.Element {
  const { state, because, lagMs, rowsByHour, rowsLastDay, pending, gaps, expired, quarantined, title } = stream;
  const lost = gaps + expired + quarantined;
  const tone =
    state === 'collecting'
      ? 'good'
      : state === 'lagging' && isSimulated
        ? 'plain'
        : state === 'suspended' || state === 'retired'
          ? 'bad'
          : 'warn';
  return (
    <tr>
      <td title={stream.logType}>{title}</td>
      <td>
        <Badge tone={tone}>{state === 'lagging' && isSimulated ? 'ended' : state}</Badge>
        {because !== undefined && <span class="dim"> {because}</span>}
      </td>
      <td class="right mono">{lagMs === undefined ? '–' : span(lagMs)}</td>
      <td>
        <Bars counts={rowsByHour} label={`${title}: ${count(rowsLastDay)} rows in 24 hours`} />
      </td>
      <td class="right mono">{shortCount(rowsLastDay)}</td>
      <td class="right mono">{pending === 0 ? '' : count(pending)}</td>
      <td class={`right mono ${lost > 0 ? 'is-bad' : ''}`}>{lost === 0 ? '' : count(lost)}</td>
    </tr>
  );
}

function Newest({ found, go }: { readonly found: ReturnType<typeof useAnswer<'findingCounts'>>; readonly go: Go }): JSX.Element {
  return (
    <Panel
      title="Look at first"
      side={
        <Link go={go} to="findings" class="more">
          All findings
        </Link>
      }
    >
      {found.error !== undefined && <Fault message={found.error} again={found.again} />}
      {found.data?.newest.length === 0 && <Empty title="Nothing to look at">No rule has found anything open in the last days.</Empty>}
      {!found.data && found.error === undefined && <Loading />}
      <ul class="cards">
        {found.data?.newest.map((one) => (
          <li key={one.id}>
            <Link go={go} to="findings" params={{ id: one.id }}>
              <Level level={one.level} /> <strong>{one.title}</strong>
              <span class="dim">
                {' '}
                {one.who} · <span class="mono">{time(one.time)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
