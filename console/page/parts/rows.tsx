/** Rows by the million: only those in sight are elements of the page. */

import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Column, Value } from '../../api/common.ts';
import { shown, time } from '../format.ts';
import { useKey } from '../hooks.ts';

/** What a table of rows shows. */
export interface RowsProps {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  /** How many of the rows there are by now. */
  readonly count: number;
  /** Widths as CSS grid has them; all the same where absent. */
  readonly widths?: string;
  /** Columns that are shown; all where absent. */
  readonly most?: number;
  readonly onOpen?: (row: readonly Value[], index: number) => void;
}

const rowHeight = 28;

/** A grid with a heading that stays. `j` and `k` move, Enter opens. */
export function Rows({ label, columns, rows, count, widths, most = Infinity, onOpen }: RowsProps): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtual(scroller, count);
  const [current, setCurrent] = useState(-1);
  useEffect(() => {
    setCurrent(-1);
  }, [rows]);
  const move = (key: string): void => {
    if (key === 'Enter') {
      const row = rows[current];
      if (row && scroller.current?.contains(document.activeElement)) onOpen?.(row, current);
      return;
    }
    const next = Math.min(count - 1, Math.max(0, current + (key === 'j' || key === 'ArrowDown' ? 1 : -1)));
    setCurrent(next);
    virtual.scrollToIndex(next);
    scroller.current?.focus({ preventScroll: true });
  };
  useKey('j k Enter', (key) => {
    if (onOpen || key !== 'Enter') move(key);
  });
  const shownColumns = columns.slice(0, most);
  const template =
    widths ??
    shownColumns
      .map(({ kind }) => (kind === 'time' ? '176px' : kind === 'number' ? 'minmax(90px, 0.6fr)' : 'minmax(120px, 1fr)'))
      .join(' ');
  const shape = { gridTemplateColumns: template, minWidth: `${String(leastWidth(template))}px` };
  const items = virtual.getVirtualItems();
  return (
    <div
      class="rows"
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={count + 1}
      aria-activedescendant={current >= 0 ? `row-${String(current)}` : undefined}
    >
      <div class="head" role="row" aria-rowindex={1} style={shape}>
        {shownColumns.map(({ name, kind }, index) => (
          <span key={index} role="columnheader" class={kind === 'number' ? 'right' : ''}>
            {name.replaceAll('_', ' ')}
          </span>
        ))}
      </div>
      <div class="body" role="rowgroup" style={{ height: `${String(virtual.getTotalSize())}px` }}>
        {items.map(({ index, start }) => {
          const row = rows[index] ?? [];
          return (
            <div
              key={index}
              id={`row-${String(index)}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === current}
              class={`row ${index === current ? 'current' : ''} ${onOpen ? 'opens' : ''}`}
              style={{ ...shape, transform: `translateY(${String(start)}px)` }}
              onClick={() => {
                setCurrent(index);
                onOpen?.(row, index);
              }}
            >
              {shownColumns.map((column, at) => (
                <Cell key={at} column={column} value={row[at] ?? null} />
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** What the columns need at least, in pixels: heading and rows are as wide as each other. */
const leastWidth = (template: string): number =>
  [...template.matchAll(/minmax\((\d+)px|(\d+)px/g)].reduce((sum, [, least, fixed]) => sum + Number(least ?? fixed ?? 0), 0);

function Cell({ column, value }: { readonly column: Column; readonly value: Value }): JSX.Element {
  const text = typeof value === 'string' && column.kind === 'time' ? time(value) : shown(value, 300);
  if (column.name === 'outcome')
    return (
      <span role="gridcell" class={`outcome ${text}`}>
        {text}
      </span>
    );
  return (
    <span
      role="gridcell"
      class={column.kind === 'number' ? 'right' : column.kind === 'time' ? 'mono' : ''}
      title={text.length > 20 ? text : undefined}
    >
      {text}
    </span>
  );
}

function useVirtual(scroller: { readonly current: HTMLDivElement | null }, count: number): Virtualizer<HTMLDivElement, Element> {
  const [, again] = useReducer((n: number) => n + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollPaddingStart: rowHeight,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => {
      again(0);
    },
  };
  const [virtual] = useState(() => new Virtualizer<HTMLDivElement, Element>(options));
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => {
    virtual._willUpdate();
  });
  return virtual;
}
