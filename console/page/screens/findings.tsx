/** What should I look at, and is it done? */

import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { levels } from '../../api/common.ts';
import type { AnswerOf, Finding } from '../../api/routes.ts';
import type { ScreenProps } from '../app.tsx';
import { call } from '../api.ts';
import { count, shown, time } from '../format.ts';
import { messageOf, useAnswer, useKey, useStream, type Go } from '../hooks.ts';
import { Badge, Empty, Fault, Level, Link, Loading, Panel } from '../parts/basics.tsx';
import { rangeOf, RangePicker, rangeParams } from '../parts/range.tsx';
import { Rows } from '../parts/rows.tsx';

/** The screen. */
export function Findings({ session, params, go }: ScreenProps): JSX.Element {
  const range = rangeOf(params, session, '7d');
  const all = params.get('all') === '1';
  const ruleId = params.get('rule') ?? undefined;
  const answer = useAnswer('findings', { ...range, all, ...(ruleId !== undefined && { ruleId }) });
  const level = params.get('level');
  const found = (answer.data?.findings ?? []).filter((one) => level === null || one.level === level);
  const id = params.get('id') ?? undefined;
  const change = (some: Readonly<Record<string, string | undefined>>): void => {
    go('findings', { ...Object.fromEntries(params), ...some });
  };
  useKey('j k', (key) => {
    const at = found.findIndex((one) => one.id === id);
    const next = found[Math.min(found.length - 1, Math.max(0, at + (key === 'j' ? 1 : -1)))];
    if (next) change({ id: next.id });
  });
  return (
    <div class="screen">
      <header class="title">
        <h1>Findings</h1>
        <RangePicker params={params} range={range} usual="7d" onChange={change} />
      </header>
      <div class="filters" role="group" aria-label="Which findings">
        <button
          type="button"
          aria-pressed={level === null}
          onClick={() => {
            change({ level: undefined });
          }}
        >
          every level
        </button>
        {levels.toReversed().map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={level === one}
            onClick={() => {
              change({ level: one });
            }}
          >
            {one} <b>{count((answer.data?.findings ?? []).filter((finding) => finding.level === one).length)}</b>
          </button>
        ))}
        <label class="check">
          <input
            type="checkbox"
            checked={all}
            onChange={(event) => {
              change({ all: event.currentTarget.checked ? '1' : undefined });
            }}
          />{' '}
          closed and quiet ones as well
        </label>
        {ruleId !== undefined && (
          <span class="chip">
            one rule{' '}
            <button
              type="button"
              class="quiet"
              onClick={() => {
                change({ rule: undefined });
              }}
            >
              show all
            </button>
          </span>
        )}
      </div>
      {answer.error !== undefined && <Fault message={answer.error} again={answer.again} />}
      {answer.isLoading && !answer.data && <Loading />}
      {answer.data && found.length === 0 && (
        <Empty title="Nothing is open">
          {all ? 'No rule found anything in this span.' : 'Everything was closed, or is quiet: tick the box to see it.'}
        </Empty>
      )}
      <div class="columns list-detail">
        {found.length > 0 && (
          <List
            found={found}
            id={id}
            onPick={(next) => {
              change({ id: next });
            }}
          />
        )}
        {id !== undefined && <Detail key={id} id={id} go={go} canChange={session.backend === 'lake'} changed={answer.again} />}
        {id === undefined && found.length > 0 && <Empty title="Pick a finding">j and k go through them.</Empty>}
      </div>
    </div>
  );
}

function List({
  found,
  id,
  onPick,
}: {
  readonly found: readonly Finding[];
  readonly id: string | undefined;
  readonly onPick: (id: string) => void;
}): JSX.Element {
  return (
    <ul class="finding-list" aria-label="Findings">
      {found.slice(0, 500).map((one) => (
        <li key={one.id}>
          <button
            type="button"
            class="finding"
            aria-current={one.id === id ? 'true' : undefined}
            onClick={() => {
              onPick(one.id);
            }}
          >
            <span class="line">
              <Level level={one.level} />
              <strong>{one.title}</strong>
            </span>
            <span class="line dim">
              <span>{shown(one.who, 80)}</span>
              <span class="grow" />
              {one.state !== 'new' && <Badge tone="plain">{one.state}</Badge>}
              {one.quiet !== null && <Badge tone="plain">{one.quiet}</Badge>}
              <span class="mono">{time(one.time)}</span>
            </span>
          </button>
        </li>
      ))}
      {found.length > 500 && <li class="dim">and {count(found.length - 500)} more: take a shorter span</li>}
    </ul>
  );
}

function Detail({
  id,
  go,
  canChange,
  changed,
}: {
  readonly id: string;
  readonly go: Go;
  readonly canChange: boolean;
  readonly changed: () => void;
}): JSX.Element {
  const answer = useAnswer('finding', { id });
  const { data } = answer;
  if (answer.error !== undefined) return <Fault message={answer.error} again={answer.again} />;
  if (!data) return <Loading />;
  const { finding, rule } = data;
  return (
    <article class="panel detail" aria-label={finding.title}>
      <header>
        <h2>{finding.title}</h2>
        <Level level={finding.level} />
        <Badge tone="plain">{finding.state}</Badge>
      </header>
      <dl class="facts-list">
        <Fact name="Who">{whoLinks(data, go)}</Fact>
        <Fact name="When">
          <span class="mono">
            {time(data.firstTime)} – {time(finding.time)} UTC
          </span>
        </Fact>
        <Fact name="How much">{count(finding.count)}</Fact>
        <Fact name="Tenant">{finding.tenant}</Fact>
        {data.attack.length > 0 && (
          <Fact name="ATT&CK">
            {data.attack.map((one) => (
              <Badge key={one} tone="plain">
                {one}
              </Badge>
            ))}
          </Fact>
        )}
        {data.because !== null && (
          <Fact name={finding.state}>
            {data.because}
            {data.setBy === null ? '' : ` (${data.setBy})`}
          </Fact>
        )}
        {data.isIncomplete && (
          <Fact name="Incomplete">
            <span class="is-bad">records of that time are known to be missing</span>
          </Fact>
        )}
      </dl>
      {canChange ? (
        <Close
          id={id}
          changed={() => {
            answer.again();
            changed();
          }}
        />
      ) : (
        <p class="dim">Findings of a deployment cannot be closed from here yet.</p>
      )}
      <Evidence data={data} go={go} />
      {rule && (
        <Panel title="The rule">
          <p>{rule.description}</p>
          {rule.falsePositives.length > 0 && (
            <>
              <h3>When it is nothing</h3>
              <ul>
                {rule.falsePositives.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            </>
          )}
          <Link go={go} to="rules" params={{ id: rule.id }} class="more">
            {rule.file}
          </Link>
        </Panel>
      )}
    </article>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** A day before and after: what led to it, and what came of it. */
const around = (data: AnswerOf<'finding'>): Record<string, string | undefined> =>
  rangeParams({ from: Date.parse(data.firstTime) - 86_400_000, to: Date.parse(data.finding.time) + 86_400_000 });

function whoLinks(data: AnswerOf<'finding'>, go: Go): JSX.Element {
  const values = new Set([...textsOf(data.group), ...textsOf(data.evidence, ['actor_upn', 'source_ip'])]);
  return (
    <>
      {[...values].map((value) => (
        <Link key={value} go={go} to="entity" params={{ value, ...around(data) }} class="entity">
          {shown(value, 120)}
        </Link>
      ))}
    </>
  );
}

function textsOf(json: string, names?: readonly string[]): string[] {
  try {
    const entries = Object.entries(JSON.parse(json) as Readonly<Record<string, unknown>>);
    return entries.flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' && (names === undefined || names.includes(name)) ? [value] : [],
    );
  } catch {
    return [];
  }
}

function Evidence({ data, go }: { readonly data: AnswerOf<'finding'>; readonly go: Go }): JSX.Element {
  const sql = `SELECT event_time, outcome, actor_upn, operation, target_name, source_ip, user_agent FROM (${data.query}) AS evidence ORDER BY event_time`;
  const rows = useStream('sql', data.query === '' ? undefined : { sql, limit: 200 });
  return (
    <Panel
      title="Evidence"
      side={
        <Link go={go} to="search" params={{ sql: data.query }} class="more">
          Open in Search
        </Link>
      }
    >
      {rows.error !== undefined && <Fault message={rows.error} />}
      {rows.isLoading && rows.count === 0 && <Loading />}
      {rows.count > 0 && <Rows label="Evidence" columns={rows.columns} rows={rows.rows} count={rows.count} />}
      {rows.count === 0 && !rows.isLoading && rows.error === undefined && (
        <Empty title="The records are not there">They may have been erased, or are kept no longer.</Empty>
      )}
    </Panel>
  );
}

function Close({ id, changed }: { readonly id: string; readonly changed: () => void }): JSX.Element {
  const [because, setBecause] = useState('');
  const [error, setError] = useState<string>();
  const set = (state: 'acknowledged' | 'closed'): void => {
    call('setFinding', { id, state, because }).then(
      () => {
        setBecause('');
        setError(undefined);
        changed();
      },
      (reason: unknown) => {
        setError(messageOf(reason));
      },
    );
  };
  return (
    <form
      class="close"
      onSubmit={(event) => {
        event.preventDefault();
        set('closed');
      }}
    >
      <input
        aria-label="Why"
        placeholder="A word why, such as: our own penetration test"
        value={because}
        onInput={(event) => {
          setBecause(event.currentTarget.value);
        }}
      />
      <button
        type="button"
        disabled={because.trim() === ''}
        onClick={() => {
          set('acknowledged');
        }}
      >
        Acknowledge
      </button>
      <button type="submit" class="primary" disabled={because.trim() === ''}>
        Close
      </button>
      {error !== undefined && <Fault message={error} />}
    </form>
  );
}
