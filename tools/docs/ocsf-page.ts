/** The page docs/ocsf.md. */

import { operationsByChoice } from '../../shared/datasets/ocsf/class-choice.ts';
import { ocsfDatasets } from '../../shared/datasets/ocsf/index.ts';
import { ocsfFindings } from '../../shared/datasets/views.ts';
import { markdownTable } from './markdown-table.ts';

/** The whole page; operations and log types come from shared/datasets/ocsf. */
export function ocsfPage(): string {
  return `# The same events in OCSF 1.8.0

<!-- Written by \`npm run docs\`. Edit tools/docs/ocsf-page.ts or shared/datasets/ocsf instead. -->

Eight more normalized datasets have the events in the classes of the [Open Cybersecurity Schema Framework](https://schema.ocsf.io/1.8.0), version 1.8.0.
They are off until a deployment chooses them: \`"ocsf": true\` in cdk.json, \`--ocsf\` with \`lake start\` and \`lake import\` on one machine. What landed
before is made by \`lake normalize --dataset ${ocsfDatasets[0].name}\` (any of them), from raw alone.

| dataset | what | derived from |
| --- | --- | --- |
${ocsfDatasets.map(({ name, meaning, logTypes }) => `| [\`${name}\`](datasets/${name}.md) | ${meaning} | ${logTypes.join(', ')} |`).join('\n')}

## Findings of rules

The view \`${ocsfFindings.name}\` has one event of class 2004 for each [finding](rules.md), made of the view \`findings\` when it is asked: closing a finding
shows at once (\`activity_id\` 3, \`status\` Resolved), and it needs no other OCSF dataset. It stands beside \`ocsf_detection_finding\`, which has Microsoft's alerts.

${markdownTable(
  ['Column', 'Meaning', 'Example'],
  ocsfFindings.columns.map(({ name, meaning, example }) => [`\`${name}\``, meaning, `\`${example}\``]),
)}

## Rules

- A record becomes one event at most. Where a class requires what a record does not have, the next class that fits is taken, and else none: nothing
  is invented. A call without an address is not 6003 but 3004, if it names an object; a sign-in that names neither resource nor application, and a
  record of Audit.General with neither address nor object, become none. \`raw\` has them all.
- Columns are attributes of the class by their own names, a pinned subset of it. Beside them stand seven columns that are the lake's own:
  \`event_time\`, \`tenant_name\`, \`log_type\`, \`record_id\`, \`record_key\`, \`dataset\` and \`object\`; the last four find the raw row, which is why
  \`raw_data\` is left out.
- \`unmapped\` has what the raw columns have and the class has no place for, as a JSON object by the names of the raw columns.
- \`metadata.uid\` is the id of the record, \`metadata.event_code\` Microsoft's operation, \`metadata.log_name\` the log type, \`metadata.profiles\`
  \`cloud\` and \`host\`. \`cloud.org\` is the tenant. Times are milliseconds since 1970, as OCSF counts.
- \`severity_id\` is 1 (informational) for everything but findings: these logs do not rate events.
- What is NULL in a row is absent in the event; lists and structs without any value are NULL as a whole.
- Rows are as many as raw rows: what Microsoft repeats, and new versions of sign-ins, risk detections and alerts, are there as often as they were served. Count
  \`metadata.uid\`, or \`record_key\`.

A test holds every row of every dataset against the schema itself, which is vendored with its licence in test/shared/datasets/ocsf/schema: attributes,
requirements, types, enumerations and their captions, and the constraints of objects.

## Which record becomes which class

By operation, without the full stop that the Management API ends operations of Entra with, in lower case. Sign-ins of Graph are all 3002:1. What is
not here becomes 6003 with an address and an actor, else 3004 with an object; the activity goes by the verb of the operation.

| class and activity | operations |
| --- | --- |
${Object.entries(operationsByChoice).map(choiceLine).join('\n')}

An alert of Graph is 2004: Create, Update (\`lastUpdateDateTime\` after \`createdDateTime\`) or Close (resolved). A match of a policy against data loss is
2004 too; OCSF has class 2006 for it, which is not among the eight.

## Later versions

OCSF 1.9 deprecates 3001 in favour of 3007. The choice of classes is one table, shared/datasets/ocsf/class-choice.ts; a new version is another set of
datasets beside these, since objects are written once.
`;
}

function choiceLine([choice, operations]: readonly [string, readonly string[]]): string {
  const [uid = '', activity = ''] = choice.split(':');
  const dataset = ocsfDatasets.find(({ columns }) => columns.class_uid?.example === uid);
  return `| ${uid}:${activity}${dataset ? ` (\`${dataset.name}\`)` : ''} | ${operations.join(', ')} |`;
}
