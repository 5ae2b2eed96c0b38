import uPlot from 'uplot';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { count, timeOfMs } from '../format.ts';
import { useTheme } from './theme.ts';

/** Counts over time, one bar a bucket, with their colours from the bottom up. */
export interface HistogramProps {
  readonly first: number;
  readonly bucketMs: number;
  readonly series: readonly { readonly name: string; readonly tone: string; readonly counts: readonly number[] }[];
  readonly height?: number;
  /** A span was brushed. */
  readonly onBrush?: (from: number, to: number) => void;
}

/** The chart. Its numbers are read out as one sentence; the table below has the rest. */
export function Histogram(props: HistogramProps): JSX.Element {
  const { first, bucketMs, series, height = 120, onBrush } = props;
  const place = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const brush = useRef(onBrush);
  brush.current = onBrush;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const plot = new uPlot(
      optionsOf(props, element, (from, to) => brush.current?.(from, to)),
      dataOf(props),
      element,
    );
    const observer = new ResizeObserver(() => {
      plot.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [first, bucketMs, theme, height, JSON.stringify(series)]);
  const sums = series.map(({ name, counts }) => `${count(counts.reduce((sum, n) => sum + n, 0))} ${name}`).join(', ');
  const until = first + bucketMs * (series[0]?.counts.length ?? 0);
  return <div class="histogram" ref={place} role="img" aria-label={`From ${timeOfMs(first)} until ${timeOfMs(until)}: ${sums}`} />;
}

/** Series are drawn from the highest sum down, so that each covers what is below it. */
function dataOf({ first, bucketMs, series }: HistogramProps): uPlot.AlignedData {
  const times = (series[0]?.counts ?? []).map((_, index) => (first + (index + 0.5) * bucketMs) / 1_000);
  const sums: number[][] = [];
  for (const { counts } of series) sums.push(counts.map((n, index) => n + (sums.at(-1)?.[index] ?? 0)));
  return [times, ...sums.toReversed()];
}

/** The day at midnight, else the time; UTC. */
function tickOf(seconds: number): string {
  const iso = new Date(seconds * 1_000).toISOString();
  return iso.slice(11, 16) === '00:00' ? iso.slice(0, 10) : iso.slice(11, 16);
}

function optionsOf(
  { series, bucketMs, height = 120 }: HistogramProps,
  element: HTMLElement,
  onBrush: (from: number, to: number) => void,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: colour('dim'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
  const bars = uPlot.paths.bars?.({ size: [0.9, 60], align: 0 });
  return {
    width: Math.max(100, element.clientWidth),
    height,
    legend: { show: false },
    tzDate: (ts) => uPlot.tzDate(new Date(ts * 1_000), 'UTC'),
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    scales: {
      x: { range: (_, min, max) => [min - bucketMs / 2_000, max + bucketMs / 2_000] },
      y: { range: (_, __, max) => [0, Math.max(1, max) * 1.05] },
    },
    axes: [
      { ...axis, space: 90, values: (_, all) => all.map(tickOf) },
      {
        ...axis,
        size: 48,
        space: 30,
        values: (_, all) => all.map((n) => (Number.isInteger(n) ? n.toLocaleString('en', { notation: 'compact' }) : '')),
      },
    ],
    series: [
      {},
      ...series.toReversed().map(({ name, tone }) => ({
        label: name,
        fill: colour(tone),
        stroke: colour(tone),
        width: 0,
        ...(bars && { paths: bars }),
        points: { show: false },
      })),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          const at = (x: number): number => Math.round(plot.posToVal(x, 'x') * 1_000);
          onBrush(at(left), at(left + width));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}
