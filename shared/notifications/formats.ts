/** The bodies of webhooks, by what receives them. */

import { countsByRule, genericJson, subject, type Message, type NotifiedFinding } from './message.ts';
import { aboutWhom, defanged, factsOf, minute, oneLine, type Fact } from './plain-text.ts';

/** What receives a webhook. */
export const webhookFormats = ['generic', 'slack', 'teams'] as const;
/** One of the receivers. */
export type WebhookFormat = (typeof webhookFormats)[number];

/** The body of a message, as JSON. */
export const webhookBody = (format: WebhookFormat, message: Message): string => bodies[format](message);

const bodies: Readonly<Record<WebhookFormat, (message: Message) => string>> = {
  generic: genericJson,
  slack: slackBody,
  teams: teamsBody,
};

/**
 * Blocks of `plain_text`, in which Slack obeys no markup. The text beside them is shown in notifications and is mrkdwn: it is the subject,
 * which has nothing of a record.
 *
 * @see https://docs.slack.dev/reference/block-kit/composition-objects/text-object
 * @see https://docs.slack.dev/messaging/formatting-message-text/#escaping
 */
function slackBody(message: Message): string {
  const plain = (text: string, most: number) => ({ type: 'plain_text', text: text.slice(0, most) || '-', emoji: false });
  const fields = linesOf(message).map(([name, value]) => plain(`${name}: ${value}`, 2_000));
  const sections = inGroups(fields, 10).map((some) => ({ type: 'section', fields: some }));
  return JSON.stringify({
    text: slackEscaped(oneLine(subject(message))),
    blocks: [{ type: 'header', text: plain(oneLine(subject(message)), 150) }, ...sections],
  });
}

const slackEscaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/**
 * An adaptive card of text runs, in which no Markdown is obeyed (a TextBlock or a FactSet would).
 *
 * @see https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams#adaptive-cards
 * @see https://adaptivecards.io/explorer/TextRun.html
 */
function teamsBody(message: Message): string {
  const run = (text: string, more: object = {}) => ({ type: 'TextRun', text, ...more });
  const block = (...inlines: object[]) => ({ type: 'RichTextBlock', inlines });
  const body = [
    block(run(oneLine(subject(message)), { size: 'large', weight: 'bolder' })),
    ...linesOf(message).map(([name, value]) => block(run(`${name}: `, { weight: 'bolder' }), run(value))),
  ];
  const card = { $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.4', body };
  return JSON.stringify({ type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }] });
}

/** What a message says below its subject: a line each, safe to show anywhere that obeys no markup. */
export function linesOf(message: Message): readonly Fact[] {
  return message.kind === 'finding' ? findingLines(message.finding) : digestLines(message.findings);
}

function findingLines(finding: NotifiedFinding): readonly Fact[] {
  const { firstTime, lastTime, count, id, isIncomplete } = finding;
  const times = firstTime === lastTime ? minute(lastTime) : `${minute(firstTime)} to ${minute(lastTime)}`;
  return [
    ['when', `${times} UTC`],
    ...factsOf(finding).map(([name, value]): Fact => [defanged(name), defanged(value)]),
    ...(count > 1 ? [['count', String(count)] as const] : []),
    ...(isIncomplete ? [['incomplete', 'records of that time are known to be missing'] as const] : []),
    ['finding', id],
  ];
}

/** Lines of a digest: rules first, then the newest findings. */
const mostLines = 20;

function digestLines(findings: readonly NotifiedFinding[]): readonly Fact[] {
  const rules = countsByRule(findings).map(({ title, level, count }): Fact => [level, `${oneLine(title)}: ${String(count)}`]);
  const newest = [...findings].sort((a, b) => (a.lastTime < b.lastTime ? 1 : -1)).slice(0, 5);
  return [
    ...rules.slice(0, mostLines),
    ...(rules.length > mostLines ? [['more', `${String(rules.length - mostLines)} rules`] as const] : []),
    ...newest.map((finding): Fact => [
      minute(finding.lastTime),
      `${oneLine(finding.title)}: ${defanged(aboutWhom(finding))} ${finding.id}`,
    ]),
  ];
}

function inGroups<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
