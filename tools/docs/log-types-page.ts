/** The page docs/log-types.md. */

import { cloudById, clouds } from '../../shared/clouds.ts';
import { days, utcDate } from '../../shared/domain/window.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import type { LogType, Permission } from '../../shared/log-types/log-type.ts';
import { markdownTable } from './markdown-table.ts';

/** The whole page. It is generated: its source is the catalog. */
export function logTypesPage(): string {
  return `# Log types

<!-- Written by \`npm run docs\` from shared/log-types. Edit that, or the text in tools/docs/log-types-page.ts, instead. -->

What a tenant can choose, in its \`managementActivity\` and \`graph\` ([tenants.md](tenants.md)). \`lake tenant permissions NAME\` lists the permissions of
what it chose, with the consent link; \`lake tenant test NAME\` says which one is missing.

${markdownTable(['Log type', 'What it is', 'Application permission', 'Licence', 'Served for', 'Clouds', 'Dataset'], logTypes.map(row))}

## Clouds

${markdownTable(
  ['Cloud', 'What it is', 'API'],
  clouds.map(({ id, title, api }) => [code(id), title, api === 'graph' ? 'Microsoft Graph' : 'Office 365 Management Activity API']),
)}
`;
}

function row({ id, title, reference, permissions, licence, retentionMs, retired, clouds: offered, dataset }: LogType): string[] {
  return [
    code(id),
    `[${title}](${reference})${retired ? `; retired on ${utcDate(retired.at)}, replaced by ${code(retired.replacement)}` : ''}`,
    permissions.map(permission).join(', '),
    licence ?? '',
    `${String(Math.round(retentionMs / days(1)))} days`,
    offered.map((cloud) => code(cloudById(cloud).id)).join(', '),
    `[${code(dataset)}](datasets/${dataset}.md)`,
  ];
}

function permission({ name, isOptional, why }: Permission): string {
  if (isOptional !== true) return code(name);
  return `${code(name)} (optional${why === undefined ? '' : `: ${why}`})`;
}

const code = (text: string): string => `\`${text}\``;
