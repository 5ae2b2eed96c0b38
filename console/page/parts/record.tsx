/** One record whole: its typed columns with their meanings, its JSON, and more like it. */

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Ban, Filter as FilterIcon, UserSearch, X } from 'lucide';
import type { Filter, FilterName, Range, Value } from '../../api/common.ts';
import { shown } from '../format.ts';
import { useAnswer, useKey, type Go } from '../hooks.ts';
import { Fault, Icon, Link, Loading } from './basics.tsx';
import { rangeParams } from './range.tsx';

/** What names a record. */
export interface OpenRecord {
  readonly dataset: string;
  readonly recordKey: string;
  readonly eventTime: number;
  readonly tenantId: string;
}

/** Of a row of the search, whose last columns name it. */
export function recordOf(row: readonly Value[]): OpenRecord {
  const [time, dataset, recordKey, tenantId] = [row[0], row[8], row[9], row[10]].map((value) => (typeof value === 'string' ? value : ''));
  return { dataset: dataset ?? '', recordKey: recordKey ?? '', tenantId: tenantId ?? '', eventTime: Date.parse(time ?? '') };
}

const filterOf: Readonly<Record<string, FilterName>> = {
  actor_upn: 'actor',
  source_ip: 'source_ip',
  operation: 'activity',
  outcome: 'outcome',
  target_name: 'target',
  tenant_name: 'tenant',
  service: 'source',
};
const entityColumns = new Set(['actor_upn', 'actor_id', 'source_ip', 'target_name', 'target_id', 'app_name', 'app_id']);

/** The drawer beside the rows; Escape closes it. */
export function RecordDrawer(props: {
  readonly record: OpenRecord;
  readonly go: Go;
  readonly range: Range;
  readonly close: () => void;
  readonly onFilter?: (filter: Filter) => void;
}): JSX.Element {
  const { record, go, range, close, onFilter } = props;
  const answer = useAnswer('record', record);
  const [isRaw, setRaw] = useState(false);
  const drawer = useRef<HTMLElement>(null);
  useKey('Escape', close);
  useEffect(() => {
    drawer.current?.focus({ preventScroll: true });
  }, [record.recordKey]);
  return (
    <aside class="drawer" aria-label="Record" tabIndex={-1} ref={drawer}>
      <header>
        <h2>{answer.data?.view ?? 'Record'}</h2>
        <div class="tabs" role="group" aria-label="Form">
          <button
            type="button"
            aria-pressed={!isRaw}
            onClick={() => {
              setRaw(false);
            }}
          >
            Columns
          </button>
          <button
            type="button"
            aria-pressed={isRaw}
            onClick={() => {
              setRaw(true);
            }}
          >
            JSON
          </button>
        </div>
        <button type="button" class="quiet" aria-label="Close the record" onClick={close}>
          <Icon of={X} />
        </button>
      </header>
      {answer.error !== undefined && <Fault message={answer.error} again={answer.again} />}
      {answer.isLoading && <Loading />}
      {answer.data && isRaw && (
        <pre class="raw" tabIndex={0}>
          {pretty(answer.data.raw)}
        </pre>
      )}
      {answer.data && !isRaw && (
        <dl class="fields">
          {answer.data.fields.map((field) => (
            <div key={field.name}>
              <dt title={field.meaning}>
                {field.name}
                <span class="meaning">{field.meaning}</span>
              </dt>
              <dd>
                <span class="value">{shown(field.value)}</span>
                {typeof field.value === 'string' && (
                  <More name={field.name} value={field.value} go={go} range={range} {...(onFilter && { onFilter })} />
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </aside>
  );
}

function More({
  name,
  value,
  go,
  range,
  onFilter,
}: {
  readonly name: string;
  readonly value: string;
  readonly go: Go;
  readonly range: Range;
  readonly onFilter?: (filter: Filter) => void;
}): JSX.Element {
  const filter = filterOf[name];
  const short = value.slice(0, 1_000);
  return (
    <span class="more">
      {filter && onFilter && (
        <>
          <button
            type="button"
            class="quiet"
            title={`Only ${name} like this`}
            aria-label={`Only ${name} like this`}
            onClick={() => {
              onFilter({ name: filter, how: 'is', value: short });
            }}
          >
            <Icon of={FilterIcon} size={13} />
          </button>
          <button
            type="button"
            class="quiet"
            title={`None like this`}
            aria-label={`No ${name} like this`}
            onClick={() => {
              onFilter({ name: filter, how: 'is-not', value: short });
            }}
          >
            <Icon of={Ban} size={13} />
          </button>
        </>
      )}
      {entityColumns.has(name) && (
        <Link go={go} to="entity" params={{ value: short, ...rangeParams(range) }} title="Who or what is this?">
          <Icon of={UserSearch} size={13} />
          <span class="hidden">Who or what is {name}</span>
        </Link>
      )}
    </span>
  );
}

/** As it was served, laid out; of a very long text the beginning. */
function pretty(raw: string): string {
  try {
    return shown(JSON.stringify(JSON.parse(raw), undefined, 2), 100_000);
  } catch {
    return shown(raw, 100_000);
  }
}
