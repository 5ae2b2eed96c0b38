/** Small parts that every screen has. */

import type { ComponentChildren, JSX } from 'preact';
import { createElement as iconElement, type IconNode } from 'lucide';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { addressOf, type Go } from '../hooks.ts';

/** One of Lucide's icons; decoration, which is not read out. */
export function Icon({ of, size = 16 }: { readonly of: IconNode; readonly size?: number }): JSX.Element {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    place.current?.replaceChildren(iconElement(of, { width: size, height: size }));
  }, [of, size]);
  return <span class="icon" ref={place} aria-hidden="true" />;
}

/** A link within the console that keeps the page. */
export function Link(props: {
  readonly go: Go;
  readonly to: string;
  readonly params?: Readonly<Record<string, string | undefined>>;
  readonly class?: string;
  readonly title?: string;
  readonly current?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { go, to, params, children, current, title } = props;
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(to, params);
  };
  return (
    <a href={addressOf(to, params)} class={props.class} title={title} onClick={follow} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  );
}

/** A level of a finding, in words and colour. */
export const Level = ({ level }: { readonly level: string }): JSX.Element => <span class={`badge level-${level}`}>{level}</span>;

/** A word with a colour that says how good it is. */
export const Badge = ({
  tone,
  children,
}: {
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
  readonly children: ComponentChildren;
}): JSX.Element => <span class={`badge tone-${tone}`}>{children}</span>;

/** Nothing to see, and why. */
export const Empty = ({ title, children }: { readonly title: string; readonly children?: ComponentChildren }): JSX.Element => (
  <div class="empty">
    <strong>{title}</strong>
    {children === undefined ? null : <p>{children}</p>}
  </div>
);

/** What went wrong, with what to do. */
export const Fault = ({ message, again }: { readonly message: string; readonly again?: () => void }): JSX.Element => (
  <div class="fault" role="alert">
    <span>{message}</span>
    {again && (
      <button type="button" onClick={again}>
        Try again
      </button>
    )}
  </div>
);

/** Something is on its way. */
export const Loading = ({ what = 'Loading' }: { readonly what?: string }): JSX.Element => (
  <p class="loading" role="status">
    {what}…
  </p>
);

/** A panel with a heading. */
export const Panel = (props: {
  readonly title: string;
  readonly side?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
}): JSX.Element => (
  <section class={`panel ${props.class ?? ''}`} aria-label={props.title}>
    <header>
      <h2>{props.title}</h2>
      {props.side}
    </header>
    {props.children}
  </section>
);

/** Counts as small bars, oldest first. */
export function Bars({ counts, label }: { readonly counts: readonly number[]; readonly label: string }): JSX.Element {
  const most = Math.max(1, ...counts);
  return (
    <svg class="bars" role="img" aria-label={label} viewBox={`0 0 ${String(counts.length * 4)} 20`} preserveAspectRatio="none">
      {counts.map((n, index) => {
        const height = n === 0 ? 0.5 : Math.max(1.5, (n / most) * 20);
        return <rect key={index} x={index * 4} y={20 - height} width={3} height={height} class={n === 0 ? 'none' : ''} />;
      })}
    </svg>
  );
}

/** Named counts as bars across, the most first. */
export function Shares(props: {
  readonly rows: readonly { readonly name: string; readonly count: number }[];
  readonly onPick?: (name: string) => void;
}): JSX.Element {
  const most = Math.max(1, ...props.rows.map((row) => row.count));
  return (
    <ul class="shares">
      {props.rows.map((row) => (
        <li key={row.name}>
          {props.onPick ? (
            <button type="button" class="quiet name" title={row.name} onClick={() => props.onPick?.(row.name)}>
              {row.name}
            </button>
          ) : (
            <span class="name" title={row.name}>
              {row.name}
            </span>
          )}
          <span class="track">
            <span class="fill" style={{ width: `${String((row.count / most) * 100)}%` }} />
          </span>
          <span class="number">{row.count.toLocaleString('en')}</span>
        </li>
      ))}
    </ul>
  );
}
