/** Switches a rule off and on, and allows values of its findings to a day. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RequestOf, Rule, RouteName } from '../../api/routes.ts';
import { call } from '../api.ts';
import { messageOf } from '../hooks.ts';
import { Fault } from '../parts/basics.tsx';

type Change = 'switchRule' | 'allowValues' | 'disallowValues';
type Send = <Name extends Change & RouteName>(name: Name, request: RequestOf<Name>) => void;

/** What stands in the detail of a rule. @param changed Is called once something was changed. */
export function RuleSwitches({ rule, changed }: { readonly rule: Rule; readonly changed: () => void }): JSX.Element {
  const [error, setError] = useState<string>();
  const send: Send = (name, request) => {
    call(name, request).then(
      () => {
        setError(undefined);
        changed();
      },
      (reason: unknown) => {
        setError(messageOf(reason));
      },
    );
  };
  return (
    <div class="switches">
      <OnOff rule={rule} send={send} />
      {rule.allowed.length > 0 && <AllowedList rule={rule} send={send} />}
      {rule.groupedBy.length > 0 && <AllowForm rule={rule} send={send} />}
      {error !== undefined && <Fault message={error} />}
    </div>
  );
}

function OnOff({ rule, send }: { readonly rule: Rule; readonly send: Send }): JSX.Element {
  const [because, setBecause] = useState('');
  if (rule.off) {
    return (
      <p>
        Off since {rule.off.since}, by {rule.off.by}: {rule.off.because}{' '}
        <button
          type="button"
          onClick={() => {
            send('switchRule', { id: rule.id, on: true });
          }}
        >
          Switch on
        </button>
      </p>
    );
  }
  return (
    <form
      class="close"
      onSubmit={(event) => {
        event.preventDefault();
        send('switchRule', { id: rule.id, on: false, because });
      }}
    >
      <input
        aria-label="Why it is switched off"
        placeholder="Why, such as: replaced by our own rule"
        value={because}
        onInput={(event) => {
          setBecause(event.currentTarget.value);
        }}
      />
      <button type="submit" disabled={because.trim() === ''}>
        Switch off
      </button>
    </form>
  );
}

function AllowedList({ rule, send }: { readonly rule: Rule; readonly send: Send }): JSX.Element {
  return (
    <>
      <h3>Allowed: found, and nobody is notified</h3>
      <ul>
        {rule.allowed.map((one) => (
          <li key={JSON.stringify(one.where)}>
            <span class="mono">
              {Object.entries(one.where)
                .map(([name, value]) => `${name} = ${value}`)
                .join(' and ')}
            </span>{' '}
            until {one.until}, by {one.by}: {one.because}{' '}
            <button
              type="button"
              class="quiet"
              onClick={() => {
                send('disallowValues', { id: rule.id, where: one.where });
              }}
            >
              Take back
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function AllowForm({ rule, send }: { readonly rule: Rule; readonly send: Send }): JSX.Element {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [until, setUntil] = useState('');
  const [because, setBecause] = useState('');
  const where = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
  const isReady = Object.keys(where).length > 0 && until !== '' && because.trim() !== '';
  return (
    <form
      class="close"
      onSubmit={(event) => {
        event.preventDefault();
        send('allowValues', { id: rule.id, where, until, because });
      }}
    >
      {rule.groupedBy.map((name) => (
        <input
          key={name}
          aria-label={`Allow ${name}`}
          placeholder={`${name} that is allowed`}
          value={values[name] ?? ''}
          onInput={(event) => {
            const { value } = event.currentTarget;
            setValues((old) => ({ ...old, [name]: value }));
          }}
        />
      ))}
      <input
        type="date"
        aria-label="Allowed until"
        value={until}
        onInput={(event) => {
          setUntil(event.currentTarget.value);
        }}
      />
      <input
        aria-label="Why it is allowed"
        placeholder="Why"
        value={because}
        onInput={(event) => {
          setBecause(event.currentTarget.value);
        }}
      />
      <button type="submit" disabled={!isReady}>
        Allow
      </button>
    </form>
  );
}
