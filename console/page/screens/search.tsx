/** What happened? */

import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Download, Plus, X } from 'lucide';
import { filterNames, type Filter, type FilterName, type Search as Wanted, type Value } from '../../api/common.ts';
import type { ScreenProps } from '../app.tsx';
import { bytes, count, csv, download } from '../format.ts';
import { useAnswer, useStream, type Streaming } from '../hooks.ts';
import { Badge, Empty, Fault, Icon } from '../parts/basics.tsx';
import { Histogram } from '../parts/histogram.tsx';
import { rangeOf, RangePicker, rangeParams } from '../parts/range.tsx';
import { RecordDrawer, recordOf, type OpenRecord } from '../parts/record.tsx';
import { Rows } from '../parts/rows.tsx';

const first = 1_000;
const most = 1_000_000;
const widths =
  '176px 80px minmax(150px, 1.3fr) minmax(150px, 1.2fr) minmax(150px, 1.5fr) minmax(110px, 0.8fr) minmax(90px, 0.6fr) minmax(80px, 0.6fr)';

/** The screen. Everything it shows is in the address. */
export function Search({ session, params, go }: ScreenProps): JSX.Element {
  const range = rangeOf(params, session);
  const filters = useMemo(() => filtersOf(params), [params.toString()]);
  const wanted: Wanted = { ...range, filters: [...filters], words: params.get('q') ?? '' };
  const own = params.get('sql') ?? undefined;
  const limit = params.get('rows') === 'all' ? most : first;
  const found = useStream('search', own === undefined ? { ...wanted, limit } : undefined);
  const asked = useStream('sql', own === undefined ? undefined : { sql: own, limit });
  const histogram = useAnswer('histogram', own === undefined ? { ...wanted, buckets: 120 } : undefined);
  const [record, setRecord] = useState<OpenRecord>();
  const rows = own === undefined ? found : asked;
  const change = (some: Readonly<Record<string, string | undefined>>): void => {
    go('search', { ...Object.fromEntries(params), ...some });
  };
  const setFilters = (next: readonly Filter[]): void => {
    go('search', { ...withoutFilters(params), ...filterParams(next) });
  };
  return (
    <div class="screen full">
      <header class="title">
        <h1>Search</h1>
        <RangePicker params={params} range={range} onChange={change} />
      </header>
      <SearchBar
        session={session}
        words={params.get('q') ?? ''}
        filters={filters}
        onWords={(q) => {
          change({ q, rows: undefined });
        }}
        onFilters={setFilters}
      />
      {own === undefined && histogram.data && (
        <Histogram
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
      {histogram.error !== undefined && <Fault message={histogram.error} />}
      <Summary
        rows={rows}
        total={own === undefined && histogram.data ? total(histogram.data) : undefined}
        onAll={() => {
          change({ rows: 'all' });
        }}
      />
      <Sql
        sql={rows.sql}
        values={rows.values}
        own={own}
        onRun={(sql) => {
          change({ sql });
        }}
      />
      {rows.error !== undefined && <Fault message={rows.error} />}
      <div class="split">
        {rows.count > 0 && (
          <Rows
            label="Records"
            columns={rows.columns}
            rows={rows.rows}
            count={rows.count}
            {...(own === undefined && {
              widths,
              most: 8,
              onOpen: (row: readonly Value[]) => {
                setRecord(recordOf(row));
              },
            })}
          />
        )}
        {rows.count === 0 && !rows.isLoading && rows.error === undefined && (
          <Empty title="No record matches">Take a longer span, or leave out a filter.</Empty>
        )}
        {record && (
          <RecordDrawer
            record={record}
            go={go}
            range={range}
            close={() => {
              setRecord(undefined);
            }}
            onFilter={(filter) => {
              setFilters([...filters, filter]);
            }}
          />
        )}
      </div>
    </div>
  );
}

const total = ({
  success,
  failure,
  other,
}: {
  readonly success: readonly number[];
  readonly failure: readonly number[];
  readonly other: readonly number[];
}): number => [...success, ...failure, ...other].reduce((sum, n) => sum + n, 0);

/** `actor=is:ada`; a plain value means that it is. */
function filtersOf(params: URLSearchParams): Filter[] {
  return filterNames.flatMap((name) =>
    params.getAll(name).flatMap((joined) =>
      joined.split('\u001f').flatMap((text): Filter[] => {
        const [, how = '', value = text] = /^(is-not|contains|is):([\s\S]*)$/.exec(text) ?? [];
        return value === '' ? [] : [{ name, how: how === 'is-not' || how === 'contains' ? how : 'is', value: value.slice(0, 1_000) }];
      }),
    ),
  );
}

const filterParams = (filters: readonly Filter[]): Record<string, string> =>
  Object.fromEntries(
    [...Map.groupBy(filters, ({ name }) => name)].map(([name, some]) => [
      name,
      some.map(({ how, value }) => (how === 'is' ? value : `${how}:${value}`)).join('\u001f'),
    ]),
  );

const withoutFilters = (params: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...params].filter(([name]) => !(filterNames as readonly string[]).includes(name) && name !== 'rows'));

const words: Readonly<Record<Filter['how'], string>> = { is: '=', 'is-not': '≠', contains: 'has' };

function SearchBar(props: {
  readonly session: ScreenProps['session'];
  readonly words: string;
  readonly filters: readonly Filter[];
  readonly onWords: (words: string) => void;
  readonly onFilters: (filters: readonly Filter[]) => void;
}): JSX.Element {
  const { session, filters, onWords, onFilters } = props;
  const [text, setText] = useState(props.words);
  const [isAdding, setAdding] = useState(false);
  useEffect(() => {
    setText(props.words);
  }, [props.words]);
  return (
    <form
      class="searchbar"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onWords(text.trim());
      }}
    >
      <input
        type="search"
        aria-label="Words that a record has"
        placeholder="Words: who, what, from where, on what ( / )"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
        }}
      />
      {filters.map((filter, index) => (
        <span class="chip" key={index} title={session.meanings[filter.name]}>
          {filter.name.replace('_', ' ')} {words[filter.how]} <b>{filter.value.slice(0, 80)}</b>
          <button
            type="button"
            class="quiet"
            aria-label={`Leave out ${filter.name} ${filter.value.slice(0, 80)}`}
            onClick={() => {
              onFilters(filters.filter((_, at) => at !== index));
            }}
          >
            <Icon of={X} size={12} />
          </button>
        </span>
      ))}
      {isAdding ? (
        <NewFilter
          session={session}
          onAdd={(filter) => {
            setAdding(false);
            onFilters([...filters, filter]);
          }}
          cancel={() => {
            setAdding(false);
          }}
        />
      ) : (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            setAdding(true);
          }}
        >
          <Icon of={Plus} size={14} /> Filter
        </button>
      )}
      <button type="submit" class="primary">
        Search
      </button>
    </form>
  );
}

function NewFilter({
  session,
  onAdd,
  cancel,
}: {
  readonly session: ScreenProps['session'];
  readonly onAdd: (filter: Filter) => void;
  readonly cancel: () => void;
}): JSX.Element {
  const [name, setName] = useState<FilterName>('actor');
  const [how, setHow] = useState<Filter['how']>('is');
  const [value, setValue] = useState('');
  const known =
    name === 'dataset'
      ? session.datasets.map((one) => one.name)
      : name === 'tenant'
        ? session.tenants
        : name === 'outcome'
          ? ['success', 'failure', 'unknown']
          : [];
  const add = (): void => {
    if (value.trim() !== '') onAdd({ name, how, value: value.trim() });
  };
  return (
    <span class="newfilter">
      <select
        aria-label="Column"
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value as FilterName);
        }}
      >
        {filterNames.map((one) => (
          <option key={one} value={one}>
            {one.replace('_', ' ')}
          </option>
        ))}
      </select>
      <select
        aria-label="How"
        value={how}
        onChange={(event) => {
          setHow(event.currentTarget.value as Filter['how']);
        }}
      >
        <option value="is">is</option>
        <option value="is-not">is not</option>
        <option value="contains">contains</option>
      </select>
      <input
        aria-label="Value"
        list="known-values"
        value={value}
        onInput={(event) => {
          setValue(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            add();
          }
          if (event.key === 'Escape') cancel();
        }}
      />
      <datalist id="known-values">
        {known.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <button type="button" onClick={add}>
        Add
      </button>
    </span>
  );
}

function Summary({
  rows,
  total: all,
  onAll,
}: {
  readonly rows: Streaming;
  readonly total: number | undefined;
  readonly onAll: () => void;
}): JSX.Element {
  const names = rows.columns.map(({ name }) => name);
  const asObjects = (): string =>
    JSON.stringify(
      rows.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]]))),
      undefined,
      1,
    );
  return (
    <div class="summary" role="status">
      <strong>{rows.isLoading && rows.count === 0 ? 'Searching…' : `${count(rows.count)} rows`}</strong>
      {all !== undefined && <span class="dim">of {count(all)}, the newest first</span>}
      {rows.elapsedMs !== undefined && <span class="dim">{(rows.elapsedMs / 1_000).toFixed(2)} s</span>}
      {rows.bytesScanned !== undefined && <Badge tone="plain">scanned {bytes(rows.bytesScanned)}</Badge>}
      {rows.hasMore || (all !== undefined && all > rows.count && !rows.isLoading) ? (
        <button type="button" class="quiet" onClick={onAll}>
          Load all
        </button>
      ) : null}
      <span class="grow" />
      {rows.count > 0 && (
        <>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              download('records.csv', 'text/csv', csv([names, ...rows.rows]));
            }}
          >
            <Icon of={Download} size={14} /> CSV
          </button>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              download('records.json', 'application/json', asObjects());
            }}
          >
            <Icon of={Download} size={14} /> JSON
          </button>
        </>
      )}
    </div>
  );
}

function Sql({
  sql,
  values,
  own,
  onRun,
}: {
  readonly sql: string;
  readonly values: Streaming['values'];
  readonly own: string | undefined;
  readonly onRun: (sql: string | undefined) => void;
}): JSX.Element {
  const [text, setText] = useState(own ?? sql);
  useEffect(() => {
    setText(own ?? withLiterals(sql, values));
  }, [sql, own]);
  return (
    <details class="sql" open={own !== undefined}>
      <summary>SQL</summary>
      <textarea
        aria-label="SQL"
        rows={8}
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onRun(text);
        }}
      />
      <div class="actions">
        <button
          type="button"
          class="primary"
          onClick={() => {
            onRun(text);
          }}
        >
          Run
        </button>
        {own !== undefined && (
          <button
            type="button"
            onClick={() => {
              onRun(undefined);
            }}
          >
            Back to the search
          </button>
        )}
        <span class="dim">One statement that reads; Ctrl-Enter runs it.</span>
      </div>
    </details>
  );
}

/** To be read and edited: with each value where it is bound. */
const withLiterals = (sql: string, values: Streaming['values']): string =>
  sql.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
  });
