/** Which answers go wrong in a soak, how often, and the script that makes each of them happen. */

import type { FaultName } from '../../simulator/fault-names.ts';
import { parseFaults, type Faults } from '../../simulator/faults.ts';
import { graphCollections } from '../../simulator/log-types/index.ts';

/** Of every API: one request in twenty goes wrong. */
const anywhere: Partial<Record<FaultName, number>> = {
  '503': 0.006,
  reset: 0.006,
  '429-retry-after': 0.004,
  '429-retry-after-list': 0.001,
  '429-retry-after-date': 0.001,
  truncated: 0.004,
  'truncated-gzip': 0.002,
  'cut-short': 0.004,
  html: 0.004,
  'captive-portal': 0.004,
  malformed: 0.002,
  'empty-body': 0.002,
  bom: 0.01,
  'date-skew': 0.004,
};
/** Of collections of Graph: pages that are not there or lead to themselves, and windows that are too long for Microsoft. */
const ofGraph: Partial<Record<FaultName, number>> = {
  'next-page-404': 0.02,
  'empty-page-loop': 0.1,
  'long-window-504': 0.1,
  'long-window-late': 0.1,
};
const ofContentList: Partial<Record<FaultName, number>> = { 'long-uris': 0.05 };
/** One hour of the content list stays broken for as long as anything goes wrong; for a while the list has no end. */
const brokenHour = 'AF50000';
const endless = 'endless-list';
/** Ten years are half an hour to the collector for the log type, and five minutes for the others of that API; what is parked until then is due at once when the faults end. */
const tenYears = '429-retry-after-years';

/** So many in a row that five lists at once are each led on until they refuse. */
const endlessRequests = Array.from({ length: 40 }, (_, index) => ({ route: 'content-list', request: 130 + index, answer: endless }));

/** Every fault of the weather. A soak in which one of them never happened has shown nothing about it. */
export const badWeather: readonly FaultName[] = [
  ...new Set(
    [anywhere, ofGraph, ofContentList].flatMap((rates) => Object.keys(rates) as FaultName[]).concat(brokenHour, endless, tenYears),
  ),
];

/** Each meets only requests that it can concern: second pages, long windows, last pages. */
const onGraph = [
  // On a busy machine minutes go by before a run lives long enough to ask for a second page.
  { route: 'sign-ins', answer: 'next-page-404', until: '+5m' },
  { route: 'directory-audits', answer: 'long-window-late', until: '+1d' },
  { route: 'alerts', answer: 'long-window-504', until: '+1d' },
  { route: 'risk-detections', answer: 'empty-page-loop', until: '+1d' },
].map((rule) => ({ from: '+0s', ...rule }));

/** Rare faults are in the script too, on requests of the first minute: chance alone would leave them out of a short soak. */
export function weatherOf(seed: number): Faults {
  const onContent = Object.keys(anywhere).map((answer, index) => ({ route: 'content-fetch', request: 3 + 2 * index, answer }));
  const onLists = Object.keys(anywhere).map((answer, index) => ({ route: 'content-list', request: 4 + 8 * index, answer }));
  const rates = {
    '*': anywhere,
    'content-list': ofContentList,
    ...Object.fromEntries(graphCollections.map(({ route }) => [route, ofGraph])),
  };
  const script = [
    { route: 'content-list', request: 125, answer: tenYears },
    { window: { from: '-4h', until: '-3h' }, route: 'content-list', answer: brokenHour },
    ...onContent,
    ...onLists,
    { route: 'content-list', request: 3, answer: 'long-uris' },
    ...endlessRequests,
    ...onGraph,
  ];
  return parseFaults({ seed: String(seed), rates, script, retryAfterSeconds: 2, longWindowMinutes: 20, endlessRows: 40_000 });
}

/** How often each fault happened, several to a line, the most frequent first. */
export function faultLines(counts: ReadonlyMap<FaultName, number>): string[] {
  const sorted = [...counts]
    .sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
    .map(([fault, count]) => `${fault} ${String(count)}`);
  const lines: string[] = [];
  for (let from = 0; from < sorted.length; from += faultsOfLine) lines.push(sorted.slice(from, from + faultsOfLine).join(', '));
  return lines;
}

const faultsOfLine = 8;
