/** The page docs/simulator.md. */

import { eventTexts, faultTexts } from '../../simulator/fault-names.ts';
import { routes } from '../../simulator/routes.ts';

/** The whole page. It is generated: its tables are those of simulator/fault-names.ts. */
export function simulatorPage(): string {
  return `# The simulator

<!-- Written by \`npm run docs\` from simulator/fault-names.ts. Edit that, or the text in tools/docs/simulator-page.ts, instead. -->

\`lake simulate\` serves the token endpoints, the Office 365 Management Activity API and the log collections of Microsoft Graph of every cloud on one
port of this machine, with Microsoft's own errors, limits, pages, late and repeated records. A request for \`https://HOST/PATH\` goes to
\`http://127.0.0.1:PORT/HOST/PATH\`. What it serves is a function of the seed, the start time and the clock, so that it can be compared with a lake
record by record, also after collector and simulator were restarted.

Any collector can be tried against it. Both token endpoints are there (\`/oauth2/v2.0/token\` with \`scope\`, \`/oauth2/token\` with \`resource\`), secrets
may come in the form or the \`Authorization\` header, \`login.windows.net\` is \`login.microsoftonline.com\`, and the id of the app is taken for that of
the tenant in \`/api/v1.0/{id}/activity/feed\`. One that has Microsoft's hosts written into it is led here by \`HTTPS_PROXY\`: a proxy that ends TLS
with a certificate the collector trusts, and sends each request on as above (\`test/aws/proxy.test.ts\` has one). Tried so on 2026-11-30, unchanged:
ddbnl/office365-audit-log-collector 2.5.0 (Rust) got 6,582 of 6,582 records, Wazuh's office365 module (C, with stand-ins for its queue and HTTP helper) 6,653 of 6,653; at a page of the list that is empty
and has a next one, which the reference allows, the second stops. \`test/simulator/other-collectors.test.ts\` has what both ask.

## Faults

\`lake simulate --faults FILE\` reads a JSON file. \`rates\` gives each fault a share of the requests of a route, 0 to 1; \`script\` names requests.
The first rule of the script that applies to a request decides; the other requests go by \`rates\`. \`seed\` (a text) chooses which.

\`\`\`json
{
  "rates": { "content-fetch": { "503": 0.01, "bom": 0.1 }, "*": { "reset": 0.005 } },
  "script": [
    { "route": "token", "request": 1, "answer": "500" },
    { "from": "+10m", "until": "+20m", "route": "sign-ins", "answer": "429-retry-after" },
    { "window": { "from": "-3h", "until": "-2h" }, "route": "content-list", "answer": "AF50000" },
    { "blob": { "logType": "audit-exchange", "nth": 3 }, "answer": "html", "times": 5 },
    { "at": "+1h", "event": "expire-secret", "tenant": "contoso" }
  ],
  "retryAfterSeconds": 30
}
\`\`\`

Times are ISO times, or distances from the world's start: \`+90s\`, \`-2h\`. A rule with \`window\` concerns requests whose own window (of a listing, of
a Graph filter) overlaps it. \`blob\` names a \`contentId\`, the \`nth\` blob of a log type, or \`oneIn\` so many. Routes are ${listOf(routes)}, and \`*\`.

${table('Answer', 'The client gets', faultTexts)}

Settings, with their defaults: \`retryAfterSeconds\` 5, \`lateMs\` 1500, \`longWindowMinutes\` 60, \`endlessRows\` 200, \`dateSkewSeconds\` 3600, \`bigMb\` 150,
\`errorShape\` \`nested\`: errors of the Management Activity API as \`{"error":{"code","message"}}\`, \`flat\` without the \`error\` around them, \`quoted\` with
single quotes, or \`mixed\`.

${table('Event', 'At that time', eventTexts)}
`;
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function table(name: string, meaning: string, rows: Readonly<Record<string, string>>): string {
  const lines = Object.entries(rows).map(([key, text]) => `| \`${key}\` | ${text} |`);
  return [`| ${name} | ${meaning} |`, '| --- | --- |', ...lines].join('\n');
}
