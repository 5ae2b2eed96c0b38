/** The span of time that a screen is about, as the address bar has it. */

import type { JSX } from 'preact';
import type { Range } from '../../api/common.ts';
import type { AnswerOf } from '../../api/routes.ts';
import { timeOfMs } from '../format.ts';

const hour = 3_600_000;
const spans: Readonly<Record<string, number>> = { '1h': hour, '24h': 24 * hour, '7d': 168 * hour, '30d': 720 * hour, '90d': 2_160 * hour };

/** The span that the parameters name; without one, the last so long. A lake that has ended long ago is looked at as of its end. */
export function rangeOf(params: URLSearchParams, session: AnswerOf<'session'>, usual = '24h'): Range {
  const [from, to] = [Date.parse(params.get('from') ?? ''), Date.parse(params.get('to') ?? '')];
  if (from < to) return { from, to };
  const end = endOf(session);
  return { from: end - (spans[params.get('last') ?? usual] ?? 24 * hour), to: end };
}

/** Now, rounded up to the minute so that what is asked stays the same for as long; of an old lake, a minute after its newest. */
function endOf({ now, newest }: AnswerOf<'session'>): number {
  const end = newest !== undefined && now - newest > 24 * hour ? newest + 60_000 : now;
  return Math.ceil(end / 60_000) * 60_000;
}

/** As parameters of the address. */
export const rangeParams = ({ from, to }: Range): { from: string; to: string; last: undefined } => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  last: undefined,
});

/** Buttons for the usual spans, and which one is shown. */
export function RangePicker(props: {
  readonly params: URLSearchParams;
  readonly range: Range;
  readonly usual?: string;
  readonly onChange: (params: Readonly<Record<string, string | undefined>>) => void;
}): JSX.Element {
  const { params, range, usual = '24h', onChange } = props;
  const chosen = params.get('from') === null ? (params.get('last') ?? usual) : undefined;
  return (
    <div class="range" role="group" aria-label="Span of time">
      {Object.keys(spans).map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === chosen}
          onClick={() => {
            onChange({ last: name, from: undefined, to: undefined });
          }}
        >
          {name}
        </button>
      ))}
      <span class="dim mono">
        {timeOfMs(range.from).slice(0, 16)} – {timeOfMs(range.to).slice(0, 16)} UTC
      </span>
    </div>
  );
}
