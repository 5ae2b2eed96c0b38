/** The page docs/rules.md. */

import { queryLibrary } from '../../queries/library.ts';
import { ruleLibrary } from '../../rules/library.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { silentBecause } from '../../shared/detections/lint.ts';
import { ruleSetOf } from '../../shared/detections/rule-set.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import { attackTable } from './attack-table.ts';
import { markdownTable } from './markdown-table.ts';
import { rulesAsWritten, whenFound } from './rule-conditions.ts';

/** The whole page. It is generated: its source is rules/*.yml. */
export function rulesPage(): string {
  const { detections } = ruleSetOf(ruleLibrary());
  const shown = detections.filter((one) => !isTwin(one, detections));
  const parts = topics.flatMap(({ title, datasets }) => {
    const those = shown.filter((one) => topicOf(one)?.datasets === datasets);
    return those.length === 0 ? [] : [`## ${title}\n\n${those.map((one) => section(one, detections)).join('\n')}`];
  });
  return `${heading(detections.length, shown.length)}\n${overview(shown)}\n\n${parts.join('\n')}\n${attackTable(shown, queryLibrary())}\n`;
}

const heading = (all: number, shown: number): string => `# Detection rules

<!-- Written by \`npm run docs\` from rules/*.yml. Edit those instead. -->

${String(all)} rules in [rules/](../rules), in Sigma ([writing-rules.md](writing-rules.md)). ${String(all - shown)} of them are the same for tenants that have the Management Activity
API alone; they are described with their other half, which leaves ${String(shown)}. Each has records inside that it must find and records that it must not
(\`lake rules test\`). Where its words come from: [rule-sources.md](rule-sources.md).
`;

/** What rules are about, by the dataset of their first selection. */
const topics: readonly { readonly title: string; readonly datasets: readonly string[] }[] = [
  { title: 'Sign-ins', datasets: datasetsOf(/^sign-ins/) },
  { title: 'Directory', datasets: datasetsOf(/^(directory-audits|audit-azure-active-directory)$/) },
  { title: 'Mail', datasets: datasetsOf(/^audit-exchange$/) },
  { title: 'Files', datasets: datasetsOf(/^audit-sharepoint$/) },
  { title: 'Data protection', datasets: datasetsOf(/^dlp-all$/) },
  { title: 'Teams, Power Platform and other workloads', datasets: datasetsOf(/^audit-general$/) },
  { title: 'Alerts and risk', datasets: datasetsOf(/^(alerts|alerts-legacy|risk-detections)$/) },
];

function datasetsOf(ids: RegExp): string[] {
  return [...new Set(logTypes.filter(({ id }) => ids.test(id)).map(({ dataset }) => dataset))];
}

const topicOf = ({ selections: [first] }: Detection) =>
  topics.find(({ datasets }) => first !== undefined && datasets.includes(first.dataset));

/** The rules as their files have them. */
const written = rulesAsWritten();

const ending = '-management';

/** Whether it is another rule for tenants that have the Management Activity API alone. */
const isTwin = ({ name = '' }: Detection, all: readonly Detection[]): boolean =>
  name.endsWith(ending) && all.some((one) => one.name === name.slice(0, -ending.length));

function overview(shown: readonly Detection[]): string {
  const levels = ['critical', 'high', 'medium', 'low', 'informational'] as const;
  const rows = topics.map(({ title, datasets }) => {
    const those = shown.filter((one) => topicOf(one)?.datasets === datasets);
    return [title, ...levels.map((level) => String(those.filter((one) => one.level === level).length || ''))];
  });
  return markdownTable(['topic', ...levels], rows);
}

function section(detection: Detection, all: readonly Detection[]): string {
  const { name = detection.id, title, description, falsePositives } = detection;
  const [meaning = '', next = ''] = description.split(/\bNext: /);
  const twin = all.find((one) => one.name === `${name}${ending}`);
  const silent = silentBecause(detection);
  const queries = queryLibrary().filter(({ rules }) => rules.includes(name));
  return [
    `<a id="${name}"></a>`,
    '',
    `### ${title}`,
    '',
    meaning.trim(),
    '',
    `Next: ${next.trim()}`,
    '',
    markdownTable(['rule', `\`${name}\`${twin ? `, \`${twin.name ?? ''}\` for the Management Activity API` : ''}`], facts(detection)),
    '',
    `Without harm: ${falsePositives.map((text) => text.replace(/\.$/, '')).join('; ')}.`,
    '',
    ...(silent === undefined ? [] : [`Nobody is notified: ${silent}.`, '']),
    ...(queries.length === 0 ? [] : [`The same as a query: ${queries.map((query) => `\`@${query.name}\``).join(', ')}.`, '']),
  ].join('\n');
}

function facts(detection: Detection): string[][] {
  const { level, how, selections, expect, attack } = detection;
  const logs = [...new Set(selections.map(({ dataset }) => dataset))];
  return [
    ['level', level],
    ['kind', how.kind],
    ['logs', logs.map((dataset) => `[${dataset}](datasets/${dataset}.md)`).join(', ')],
    ['found', whenFound(detection, written.get(detection.id))],
    ['expect', `${String(expect ?? 0)} a day at most`],
    ['ATT&CK', attack.map((number) => `[${number}](https://attack.mitre.org/techniques/${number.replace('.', '/')}/)`).join(', ')],
  ];
}
