/** Who is this: a user, an address, an application, a file, a mailbox? */

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { AnswerOf } from '../../api/routes.ts';
import type { Value } from '../../api/common.ts';
import type { ScreenProps } from '../app.tsx';
import { count, time } from '../format.ts';
import { useAnswer, useStream, type Go } from '../hooks.ts';
import { Empty, Fault, Level, Link, Loading, Panel, Shares } from '../parts/basics.tsx';
import { Histogram } from '../parts/histogram.tsx';
import { rangeOf, RangePicker, rangeParams } from '../parts/range.tsx';
import { RecordDrawer, recordOf, type OpenRecord } from '../parts/record.tsx';
import { Rows } from '../parts/rows.tsx';

const widths = '176px 80px minmax(140px, 1fr) minmax(150px, 1.2fr) minmax(150px, 1.5fr) minmax(110px, 0.8fr) minmax(90px, 0.6fr)';

/** The screen. */
export function Entity({ session, params, go }: ScreenProps): JSX.Element {
  const value = params.get('value') ?? '';
  const range = rangeOf(params, session, '7d');
  const wanted = value === '' ? undefined : { ...range, filters: [{ name: 'any' as const, how: 'is' as const, value }], words: '' };
  const facts = useAnswer('entity', value === '' ? undefined : { ...range, value });
  const histogram = useAnswer('histogram', wanted && { ...wanted, buckets: 120 });
  const found = useAnswer('findings', value === '' ? undefined : { ...range, all: true, who: value });
  const timeline = useStream('search', wanted && { ...wanted, limit: 1_000 });
  const [record, setRecord] = useState<OpenRecord>();
  const change = (some: Readonly<Record<string, string | undefined>>): void => {
    go('entity', { ...Object.fromEntries(params), ...some });
  };
  return (
    <div class="screen">
      <header class="title">
        <h1>Entity</h1>
        <RangePicker params={params} range={range} usual="7d" onChange={change} />
      </header>
      <Ask
        value={value}
        onAsk={(next) => {
          change({ value: next });
        }}
      />
      {value === '' && (
        <Empty title="Whom are you looking for?">
          A user principal name, an address, a file, a mailbox or an application: what it did, and what was done to it, in all datasets.
        </Empty>
      )}
      {facts.error !== undefined && <Fault message={facts.error} again={facts.again} />}
      {value !== '' && facts.isLoading && !facts.data && <Loading />}
      {facts.data && value !== '' && <Facts value={value} facts={facts.data} go={go} params={rangeParams(range)} />}
      {value !== '' && (
        <>
          <div class="columns two-one">
            <Panel
              title="Timeline"
              class="timeline"
              side={
                <Link go={go} to="search" params={{ any: value, ...rangeParams(range) }} class="more">
                  Open in Search
                </Link>
              }
            >
              {histogram.data && (
                <Histogram
                  height={90}
                  first={histogram.data.first}
                  bucketMs={histogram.data.bucketMs}
                  series={[
                    { name: 'succeeded', tone: 'good', counts: histogram.data.success },
                    { name: 'failed', tone: 'bad', counts: histogram.data.failure },
                    { name: 'other', tone: 'other', counts: histogram.data.other },
                  ]}
                  onBrush={(from, to) => {
                    change(rangeParams({ from, to }));
                  }}
                />
              )}
              {timeline.error !== undefined && <Fault message={timeline.error} />}
              {timeline.count > 0 && (
                <div class="split">
                  <Rows
                    label="Timeline"
                    columns={timeline.columns}
                    rows={timeline.rows}
                    count={timeline.count}
                    widths={widths}
                    most={7}
                    onOpen={(row: readonly Value[]) => {
                      setRecord(recordOf(row));
                    }}
                  />
                  {record && (
                    <RecordDrawer
                      record={record}
                      go={go}
                      range={range}
                      close={() => {
                        setRecord(undefined);
                      }}
                    />
                  )}
                </div>
              )}
              {timeline.count === 0 && !timeline.isLoading && <Empty title="Nothing in this span" />}
            </Panel>
            <Panel title="Findings">
              {found.data?.findings.length === 0 && <Empty title="No finding names it" />}
              <ul class="cards">
                {found.data?.findings.slice(0, 20).map((one) => (
                  <li key={one.id}>
                    <Link go={go} to="findings" params={{ id: one.id }}>
                      <Level level={one.level} /> <strong>{one.title}</strong> <span class="dim mono">{time(one.time)}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </Panel>
          </div>
        </>
      )}
    </div>
  );
}

function Ask({ value, onAsk }: { readonly value: string; readonly onAsk: (value: string) => void }): JSX.Element {
  const [text, setText] = useState(value);
  useEffect(() => {
    setText(value);
  }, [value]);
  return (
    <form
      class="searchbar"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk(text.trim());
      }}
    >
      <input
        type="search"
        aria-label="User, address, file, mailbox or application"
        placeholder="ada@contoso.example, 203.0.113.7, Forecast 2027.xlsx"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
        }}
      />
      <button type="submit" class="primary">
        Look up
      </button>
    </form>
  );
}

const titles: Readonly<Record<string, string>> = {
  activity: 'Activities',
  address: 'Addresses',
  target: 'Targets',
  actor: 'Actors',
  dataset: 'Datasets',
  country: 'Countries',
  application: 'Applications',
  device: 'Devices',
  system: 'Systems',
  browser: 'Browsers',
  session: 'Sessions',
};
const pivots = new Set(['address', 'target', 'actor', 'application']);

function Facts({
  value,
  facts,
  go,
  params,
}: {
  readonly value: string;
  readonly facts: AnswerOf<'entity'>;
  readonly go: Go;
  readonly params: Readonly<Record<string, string | undefined>>;
}): JSX.Element {
  const groups = Map.groupBy(
    [...facts.top, ...facts.signIns].filter((one) => one.value.toLowerCase() !== value.toLowerCase()),
    ({ what }) => what,
  );
  const shownGroups = Object.keys(titles).filter((what) => groups.has(what));
  return (
    <>
      <p class="facts">
        <strong>{count(facts.total)}</strong> records
        {facts.first !== null && facts.last !== null && (
          <>
            {' '}
            · first <span class="mono">{time(facts.first)}</span> · last <span class="mono">{time(facts.last)}</span> UTC
          </>
        )}
      </p>
      <div class="facts-grid">
        {shownGroups.map((what) => (
          <Panel key={what} title={titles[what] ?? what}>
            <Shares
              rows={(groups.get(what) ?? []).slice(0, 6).map((one) => ({ name: one.value, count: one.count }))}
              {...(pivots.has(what) && {
                onPick: (name: string) => {
                  go('entity', { value: name, ...params });
                },
              })}
            />
          </Panel>
        ))}
      </div>
    </>
  );
}
