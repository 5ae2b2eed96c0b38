/** What is watched, and how loud is it? */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { levels } from '../../api/common.ts';
import type { AnswerOf, Rule } from '../../api/routes.ts';
import type { ScreenProps } from '../app.tsx';
import { count } from '../format.ts';
import { useAnswer, type Go } from '../hooks.ts';
import { RuleSwitches } from './rule-switches.tsx';
import { Badge, Bars, Empty, Fault, Level, Link, Loading, Panel } from '../parts/basics.tsx';
import { rangeOf, RangePicker } from '../parts/range.tsx';

/** MITRE's order. @see https://attack.mitre.org/matrices/enterprise/ */
const tactics = [
  'reconnaissance',
  'resource-development',
  'initial-access',
  'execution',
  'persistence',
  'privilege-escalation',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'collection',
  'command-and-control',
  'exfiltration',
  'impact',
];
const day = 86_400_000;

/** The screen. */
export function Rules({ session, params, go }: ScreenProps): JSX.Element {
  const range = rangeOf(params, session, '30d');
  const answer = useAnswer('rules', range);
  const [words, setWords] = useState('');
  const technique = params.get('technique');
  const id = params.get('id');
  const change = (some: Readonly<Record<string, string | undefined>>): void => {
    go('rules', { ...Object.fromEntries(params), ...some });
  };
  const { data } = answer;
  const listed = (data?.rules ?? [])
    .filter((rule) => technique === null || rule.attack.includes(technique))
    .filter((rule) => `${rule.title} ${rule.file} ${rule.attack.join(' ')}`.toLowerCase().includes(words.toLowerCase()))
    .sort((one, other) => loudness(data, other) - loudness(data, one) || rank(other) - rank(one));
  return (
    <div class="screen">
      <header class="title">
        <h1>Rules</h1>
        <RangePicker params={params} range={range} usual="30d" onChange={change} />
      </header>
      {answer.error !== undefined && <Fault message={answer.error} again={answer.again} />}
      {answer.isLoading && !data && <Loading what="Reading the rules" />}
      {data && data.faults.length > 0 && (
        <Panel title="Rules that were refused">
          <ul class="needs">
            {data.faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        </Panel>
      )}
      {data && (
        <Matrix
          data={data}
          technique={technique}
          onPick={(next) => {
            change({ technique: next === technique ? undefined : next });
          }}
        />
      )}
      {data && (
        <Panel
          title={`${count(listed.length)} rules`}
          side={
            <input
              type="search"
              aria-label="Find a rule"
              placeholder="Find a rule"
              value={words}
              onInput={(event) => {
                setWords(event.currentTarget.value);
              }}
            />
          }
        >
          {listed.length === 0 && <Empty title="No rule matches" />}
          <ul class="rules">
            {listed.map((rule) => (
              <RuleRow
                key={rule.id}
                rule={rule}
                data={data}
                go={go}
                range={range}
                isOpen={rule.id === id}
                changed={answer.again}
                onPick={() => {
                  change({ id: rule.id === id ? undefined : rule.id });
                }}
              />
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}

const rank = (rule: Rule): number => (levels as readonly string[]).indexOf(rule.level);
const loudness = (data: AnswerOf<'rules'> | undefined, rule: Rule): number =>
  (data?.days ?? []).filter((one) => one.ruleId === rule.id).reduce((sum, one) => sum + one.findings, 0);

function Matrix({
  data,
  technique,
  onPick,
}: {
  readonly data: AnswerOf<'rules'>;
  readonly technique: string | null;
  readonly onPick: (technique: string) => void;
}): JSX.Element {
  const columns = tactics.flatMap((tactic) => {
    const rules = data.rules.filter((rule) => rule.tactics.includes(tactic));
    const techniques = [...new Set(rules.flatMap(({ attack }) => attack))].sort();
    return techniques.length === 0
      ? []
      : [{ tactic, techniques: techniques.map((name) => ({ name, rules: rules.filter((rule) => rule.attack.includes(name)) })) }];
  });
  const all = new Set(data.rules.flatMap(({ attack }) => attack));
  return (
    <Panel title="ATT&CK" side={<span class="dim">{count(all.size)} techniques are watched</span>}>
      <div class="matrix scroll" role="region" aria-label="ATT&CK techniques by tactic" tabIndex={0}>
        {columns.map((column) => (
          <div key={column.tactic} class="tactic">
            <h3>{column.tactic.replaceAll('-', ' ')}</h3>
            {column.techniques.map((one) => (
              <button
                key={one.name}
                type="button"
                class={`technique n${String(Math.min(4, one.rules.length))}`}
                aria-pressed={one.name === technique}
                title={one.rules.map(({ title }) => title).join('\n')}
                onClick={() => {
                  onPick(one.name);
                }}
              >
                {one.name} <span class="number">{one.rules.length}</span>
              </button>
            ))}
          </div>
        ))}
      </div>
    </Panel>
  );
}

function RuleRow({
  rule,
  data,
  go,
  range,
  isOpen,
  onPick,
  changed,
}: {
  readonly rule: Rule;
  readonly data: AnswerOf<'rules'>;
  readonly go: Go;
  readonly range: { readonly from: number; readonly to: number };
  readonly isOpen: boolean;
  readonly onPick: () => void;
  readonly changed: () => void;
}): JSX.Element {
  const first = Math.floor(range.from / day) * day;
  const days = Math.max(1, Math.min(120, Math.ceil((range.to - first) / day)));
  const own = data.days.filter((one) => one.ruleId === rule.id);
  const counts = Array.from({ length: days }, (_, index) => own.find((one) => one.day === first + index * day)?.findings ?? 0);
  const sum = counts.reduce((total, one) => total + one, 0);
  const quiet = own.reduce((total, one) => total + one.quiet, 0);
  return (
    <li>
      <button type="button" class="rule" aria-expanded={isOpen} onClick={onPick}>
        <Level level={rule.level} />
        <strong>{rule.title}</strong>
        <span class="grow" />
        {rule.off && <Badge tone="warn">off</Badge>}
        {quiet > 0 && <span class="dim">{count(quiet)} quiet</span>}
        <Bars counts={counts} label={`${count(sum)} findings in ${count(days)} days`} />
        <span class="number mono">{count(sum)}</span>
      </button>
      {isOpen && (
        <div class="rule-detail">
          <p>{rule.description}</p>
          <p>
            <Badge tone="plain">{rule.kind}</Badge> <Badge tone={rule.tests > 0 ? 'good' : 'warn'}>{count(rule.tests)} tests</Badge>{' '}
            {rule.attack.map((one) => (
              <Badge key={one} tone="plain">
                {one}
              </Badge>
            ))}{' '}
            {!rule.notify && <Badge tone="plain">notifies nobody</Badge>}
          </p>
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
          <p class="dim">
            {rule.file} · reads {rule.datasets.join(', ')}
          </p>
          <Link go={go} to="findings" params={{ rule: rule.id, all: '1', last: '30d' }} class="more">
            Its findings
          </Link>
          <RuleSwitches rule={rule} changed={changed} />
        </div>
      )}
    </li>
  );
}
