import { ruleLibrary } from '../../rules/library.ts';
import { ruleSetOf } from '../../shared/detections/rule-set.ts';
import type { Edit } from './edit.ts';
import { asId, notTaken, sentence } from './names.ts';

/**
 * A rule of the library, with a test that finds something and one of what looks like it and is not.
 *
 * @param uuid The rule's id: nobody else's, and the same however it is renamed.
 * @throws When the name is none, or a rule has it already.
 */
export function newRule(choice: { readonly name: string | undefined; readonly uuid: string }): readonly Edit[] {
  const known = ruleSetOf(ruleLibrary()).detections.flatMap((detection) => detection.name ?? []);
  const name = notTaken('rule', asId(choice.name), known, `rules/${choice.name ?? ''}.yml`);
  return [{ kind: 'create', file: `rules/${name}.yml`, text: ruleYaml(name, choice.uuid) }];
}

function ruleYaml(name: string, uuid: string): string {
  return `title: ${sentence(name)}
id: ${uuid}
name: ${name}
status: experimental
description: >
  Say here what happened, and why it matters.
  Next: what to look at, and with which queries (lake query @user-timeline).
falsepositives:
  - Who does this without harm.
level: low
tags: [attack.defense-evasion, attack.t1564.008]
logsource: { product: m365, service: exchange }
detection:
  made:
    Operation: New-InboxRule
    parameters.MarkAsRead: 'True'
  condition: made
custom:
  lake:
    expect: 1
    tests:
${testYaml('finds it', 1, 'True')}${testYaml('leaves what looks like it alone', 0, 'False')}`;
}

/** A test of the rule: the record that it looks for, or one that differs in what decides. */
function testYaml(name: string, findings: number, marked: 'True' | 'False'): string {
  return `      - name: ${name}
        findings: ${String(findings)}
        records:
          - log-type: audit-exchange
            record:
              Operation: New-InboxRule
              Workload: Exchange
              RecordType: 1
              UserId: lee@contoso.example
              ClientIP: 203.0.113.7
              ResultStatus: 'True'
              Parameters:
                - { Name: MarkAsRead, Value: '${marked}' }
`;
}
