/** What do others ask? */

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { AnswerOf } from '../../api/routes.ts';
import type { Value } from '../../api/common.ts';
import type { ScreenProps } from '../app.tsx';
import { bytes, count, shown } from '../format.ts';
import { useAnswer, useStream, type Go, type Streaming } from '../hooks.ts';
import { Badge, Empty, Fault, Loading, Panel, Shares } from '../parts/basics.tsx';
import { Histogram } from '../parts/histogram.tsx';
import { rangeOf, rangeParams, RangePicker } from '../parts/range.tsx';
import { Rows } from '../parts/rows.tsx';

type Query = AnswerOf<'queries'>['queries'][number];

/** The screen. */
export function Queries({ session, params, go }: ScreenProps): JSX.Element {
  const range = rangeOf(params, session, '7d');
  const library = useAnswer('queries', {});
  const [words, setWords] = useState('');
  const query = library.data?.queries.find(({ name }) => name === params.get('name'));
  const change = (some: Readonly<Record<string, string | undefined>>): void => {
    go('queries', { ...Object.fromEntries(params), ...some });
  };
  const listed = (library.data?.queries ?? []).filter((one) =>
    `${one.title} ${one.question} ${one.name} ${one.attack.join(' ')}`.toLowerCase().includes(words.toLowerCase()),
  );
  return (
    <div class="screen">
      <header class="title">
        <h1>Queries</h1>
        <RangePicker params={params} range={range} usual="7d" onChange={change} />
      </header>
      {library.error !== undefined && <Fault message={library.error} again={library.again} />}
      <div class="columns list-detail">
        <Panel
          title="Library"
          side={
            <input
              type="search"
              aria-label="Find a query"
              placeholder="Find a query"
              value={words}
              onInput={(event) => {
                setWords(event.currentTarget.value);
              }}
            />
          }
        >
          {[...Map.groupBy(listed, ({ topic }) => topic)].map(([topic, some]) => (
            <section key={topic} class="topic">
              <h3>{topic}</h3>
              <ul>
                {some.map((one) => (
                  <li key={one.name}>
                    <button
                      type="button"
                      class="pick"
                      aria-current={one.name === query?.name ? 'true' : undefined}
                      title={one.question}
                      onClick={() => {
                        go('queries', { ...rangeOnly(params), name: one.name });
                      }}
                    >
                      {one.title}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </Panel>
        {query ? (
          <Run key={query.name} query={query} range={range} params={params} change={change} go={go} />
        ) : (
          <Empty title="Pick a question">
            {library.data
              ? `${count(library.data.queries.length)} questions that others asked of such logs, each with its parameters.`
              : ''}
          </Empty>
        )}
      </div>
    </div>
  );
}

const rangeOnly = (params: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...params].filter(([name]) => ['from', 'to', 'last'].includes(name)));

function Run({
  query,
  range,
  params,
  change,
  go,
}: {
  readonly query: Query;
  readonly range: { readonly from: number; readonly to: number };
  readonly params: URLSearchParams;
  readonly change: (some: Readonly<Record<string, string | undefined>>) => void;
  readonly go: Go;
}): JSX.Element {
  const given = Object.fromEntries(
    query.parameters.flatMap(({ name }) => {
      const value = params.get(`p.${name}`);
      return value === null ? [] : [[name, value]];
    }),
  );
  const needed = query.parameters.filter((one) => typeof one.default === 'string' && given[one.name] === undefined);
  const rows = useStream('query', needed.length > 0 ? undefined : { ...range, name: query.name, values: given, limit: 10_000 });
  return (
    <article class="panel detail" aria-label={query.title}>
      <header>
        <h2>{query.title}</h2>
        {query.attack.map((one) => (
          <Badge key={one} tone="plain">
            {one}
          </Badge>
        ))}
      </header>
      <p>{query.question}</p>
      {query.parameters.length > 0 && (
        <Parameters
          query={query}
          given={given}
          onRun={(values) => {
            change(Object.fromEntries(Object.entries(values).map(([name, value]) => [`p.${name}`, value])));
          }}
        />
      )}
      {needed.length > 0 && <p class="dim">Say {needed.map(({ meaning }) => meaning).join(' and ')}, then Run.</p>}
      {rows.error !== undefined && <Fault message={rows.error} />}
      {rows.isLoading && rows.count === 0 && <Loading what="Asking" />}
      {rows.count > 0 && (
        <>
          <Chart rows={rows} />
          <p class="dim">
            {count(rows.count)} rows{rows.bytesScanned === undefined ? '' : `, scanned ${bytes(rows.bytesScanned)}`}
          </p>
          <Rows
            label={query.title}
            columns={rows.columns}
            rows={rows.rows}
            count={rows.count}
            {...(whoAt(rows) >= 0 && {
              onOpen: (row: readonly Value[]) => {
                const who = row[whoAt(rows)];
                go('entity', { value: typeof who === 'string' ? who : '', ...rangeParams(range) });
              },
            })}
          />
        </>
      )}
      {rows.elapsedMs !== undefined && rows.count === 0 && <Empty title="Nothing of that kind in this span" />}
      <dl class="meanings">
        {query.columns.map((column) => (
          <div key={column.name}>
            <dt>{column.name}</dt>
            <dd>{column.meaning}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

/** The column that names whom a row is about; -1 where none does. A row leads there. */
const whoAt = ({ columns }: Streaming): number => {
  const names = ['actor_upn', 'entity', 'user', 'account', 'mailbox', 'actor', 'target_name', 'source_ip', 'app_name'];
  return names.map((name) => columns.findIndex((column) => column.name === name)).find((index) => index >= 0) ?? -1;
};

function Parameters({
  query,
  given,
  onRun,
}: {
  readonly query: Query;
  readonly given: Readonly<Record<string, string>>;
  readonly onRun: (values: Readonly<Record<string, string>>) => void;
}): JSX.Element {
  const start = (): Record<string, string> =>
    Object.fromEntries(
      query.parameters.map((one) => [one.name, given[one.name] ?? (typeof one.default === 'number' ? String(one.default) : '')]),
    );
  const [values, setValues] = useState(start);
  useEffect(() => {
    setValues(start());
  }, [JSON.stringify(given)]);
  return (
    <form
      class="parameters"
      onSubmit={(event) => {
        event.preventDefault();
        onRun(values);
      }}
    >
      {query.parameters.map((one) => (
        <label key={one.name}>
          <span>{one.meaning}</span>
          <input
            required
            value={values[one.name] ?? ''}
            placeholder={String(one.default)}
            inputMode={typeof one.default === 'number' ? 'numeric' : 'text'}
            onInput={(event) => {
              const { value } = event.currentTarget;
              setValues((old) => ({ ...old, [one.name]: value }));
            }}
          />
        </label>
      ))}
      <button type="submit" class="primary">
        Run
      </button>
    </form>
  );
}

/** The chart that fits: numbers over time, or the largest numbers by name. */
function Chart({ rows }: { readonly rows: Streaming }): JSX.Element | null {
  const timeAt = rows.columns.findIndex(({ kind }) => kind === 'time');
  const numberAt = rows.columns.findIndex(({ kind }) => kind === 'number');
  const nameAt = rows.columns.findLastIndex(
    ({ kind, name }, index) => kind === 'text' && name !== 'tenant_name' && index < (numberAt < 0 ? Infinity : numberAt),
  );
  if (timeAt >= 0 && (numberAt < 0 || timeAt === 0)) return <OverTime rows={rows.rows} timeAt={timeAt} />;
  if (numberAt < 0 || nameAt < 0) return null;
  const bars = rows.rows.map((row) => ({ name: shown(row[nameAt] ?? '', 60) || '(none)', count: Number(row[numberAt] ?? 0) }));
  return (
    <Panel title={`${rows.columns[numberAt]?.name ?? ''} by ${rows.columns[nameAt]?.name ?? ''}`}>
      <Shares
        rows={bars
          .toSorted((one, other) => other.count - one.count)
          .filter((one, index, all) => all.findIndex(({ name }) => name === one.name) === index)
          .slice(0, 10)}
      />
    </Panel>
  );
}

function OverTime({ rows, timeAt }: { readonly rows: readonly (readonly Value[])[]; readonly timeAt: number }): JSX.Element | null {
  const times = rows.map((row) => timeOf(row[timeAt])).filter((at) => !Number.isNaN(at));
  if (times.length === 0) return null;
  const [from, to] = [times.reduce((one, other) => Math.min(one, other)), times.reduce((one, other) => Math.max(one, other))];
  const bucketMs = Math.max(60_000, Math.ceil((to - from + 1) / 60));
  const counts = new Array<number>(Math.floor((to - from) / bucketMs) + 1).fill(0);
  for (const at of times) counts[Math.floor((at - from) / bucketMs)] = (counts[Math.floor((at - from) / bucketMs)] ?? 0) + 1;
  return <Histogram first={from} bucketMs={bucketMs} height={100} series={[{ name: 'rows', tone: 'accent', counts }]} />;
}

/** NaN where it is no time. */
const timeOf = (value: Value | undefined): number => (typeof value === 'string' ? Date.parse(value) : NaN);
