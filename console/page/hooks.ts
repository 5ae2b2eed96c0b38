/** What screens are built on: answers, streams, the address bar. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Column, Value } from '../api/common.ts';
import type { AnswerOf, RequestOf, RouteName, StreamName, StreamRequestOf } from '../api/routes.ts';
import { call, stream } from './api.ts';

/** An answer: on its way, there, or not to be had. */
export interface Asked<T> {
  readonly data?: T;
  readonly error?: string;
  readonly isLoading: boolean;
  readonly again: () => void;
}

/** Asks a route whenever the request changes; undefined asks nothing. What was there stays while the next answer comes. */
export function useAnswer<Name extends RouteName>(name: Name, request: RequestOf<Name> | undefined): Asked<AnswerOf<Name>> {
  const [state, setState] = useState<{ data?: AnswerOf<Name>; error?: string; isLoading: boolean }>({ isLoading: true });
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify(request);
  useEffect(() => {
    if (request === undefined) return;
    const controller = new AbortController();
    setState(({ data }) => ({ ...(data !== undefined && { data }), isLoading: true }));
    call(name, request, controller.signal).then(
      (data) => {
        setState({ data, isLoading: false });
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setState({ error: messageOf(error), isLoading: false });
      },
    );
    return () => {
      controller.abort();
    };
  }, [name, key, turn]);
  return {
    ...state,
    again: () => {
      setTurn((n) => n + 1);
    },
  };
}

/** Rows as they come. The array is filled in place; `count` is how far. */
export interface Streaming {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  readonly count: number;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly sql: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly error?: string;
  readonly bytesScanned?: number;
  readonly elapsedMs?: number;
}

const nothing: Streaming = { columns: [], rows: [], count: 0, isLoading: false, hasMore: false, sql: '', values: {} };

/** Streams a route whenever the request changes, or `turn` does. */
export function useStream<Name extends StreamName>(name: Name, request: StreamRequestOf<Name> | undefined, turn = 0): Streaming {
  const [state, setState] = useState<Streaming>(nothing);
  const key = JSON.stringify(request);
  useEffect(() => {
    if (request === undefined) {
      setState(nothing);
      return;
    }
    const controller = new AbortController();
    const rows: (readonly Value[])[] = [];
    const began = performance.now();
    const change = (some: Partial<Streaming>): void => {
      if (!controller.signal.aborted) setState((old) => ({ ...old, ...some }));
    };
    setState({ ...nothing, isLoading: true, rows });
    stream(
      name,
      request,
      {
        asked: (sql, values) => {
          change({ sql, values });
        },
        columns: (columns) => {
          change({ columns });
        },
        rows: (some) => {
          for (const row of some) rows.push(row);
          change({ count: rows.length });
        },
        end: (_, hasMore, bytesScanned) => {
          change({ isLoading: false, hasMore, elapsedMs: performance.now() - began, ...(bytesScanned !== undefined && { bytesScanned }) });
        },
      },
      controller.signal,
    ).catch((error: unknown) => {
      change({ error: messageOf(error), isLoading: false });
    });
    return () => {
      controller.abort();
    };
  }, [name, key, turn]);
  return state;
}

/** A screen and its state, as the address bar has them. */
export interface Place {
  readonly screen: string;
  readonly params: URLSearchParams;
}

/** Goes to a screen, or changes the state of this one. */
export type Go = (screen: string, params?: Readonly<Record<string, string | undefined>>, how?: 'push' | 'replace') => void;

const here = (): Place => ({ screen: location.pathname.slice(1) || 'overview', params: new URLSearchParams(location.search) });

/** The address bar as state: whoever is given the link sees the same. */
export function usePlace(): [Place, Go] {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const follow = (): void => {
      setPlace(here());
    };
    addEventListener('popstate', follow);
    return () => {
      removeEventListener('popstate', follow);
    };
  }, []);
  const go: Go = (screen, params = {}, how = 'push') => {
    history[how === 'push' ? 'pushState' : 'replaceState'](null, '', addressOf(screen, params));
    setPlace(here());
  };
  return [place, go];
}

/** The address of a screen with its state; what is empty is left out. */
export function addressOf(screen: string, params: Readonly<Record<string, string | undefined>> = {}): string {
  const query = new URLSearchParams(Object.entries(params).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  const text = query.toString();
  return `/${screen}${text === '' ? '' : `?${text}`}`;
}

/** Calls back on a key that is not typed into a field. */
export function useKey(keys: string, onKey: (key: string) => void): void {
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const at = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || /^(?:INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
      if (!keys.split(' ').includes(event.key)) return;
      event.preventDefault();
      latest.current(event.key);
    };
    addEventListener('keydown', listen);
    return () => {
      removeEventListener('keydown', listen);
    };
  }, [keys]);
}

/** What an error says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
