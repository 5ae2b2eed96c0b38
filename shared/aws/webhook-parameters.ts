/** Webhooks of a deployment: a SecureString each, below one path of Parameter Store. */

import { GetParametersByPathCommand, type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import { usualFormat, webhookUrl, type Webhook } from '../channels/webhook.ts';
import { webhookFormats } from '../notifications/formats.ts';
import type { Log } from '../ports/log.ts';

/** @example /m365-audit-lake/webhooks/soc = {"url": "https://hooks.slack.com/services/…", "secret": "…"} */
interface Written {
  readonly url?: unknown;
  readonly format?: unknown;
  readonly secret?: unknown;
}

/** Every webhook below the path. One that cannot be used is reported and left out; nothing of it is repeated. @param path Without a slash at the end. */
export async function readWebhooks(client: SSMClient, path: string, log: Log): Promise<readonly Webhook[]> {
  const parameters: Parameter[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new GetParametersByPathCommand({ Path: path, WithDecryption: true, NextToken: token }));
    parameters.push(...(page.Parameters ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return parameters.flatMap((parameter) => {
    const read = webhookOf(parameter);
    if (typeof read !== 'string') return [read];
    const cure = 'write it again as a SecureString: {"url": "https://…", "secret": "…"}';
    log.error('a webhook cannot be used', { webhook: nameOf(parameter), count: 1, reason: read, cure });
    return [];
  });
}

const nameOf = ({ Name = '' }: Parameter): string => Name.slice(Name.lastIndexOf('/') + 1);

/** The webhook, or what is wrong with it. */
function webhookOf(parameter: Parameter): Webhook | string {
  if (parameter.Type !== 'SecureString') return 'it is no SecureString';
  const { url: address, format, secret } = parsed(parameter.Value ?? '');
  if (typeof address !== 'string') return 'it is no JSON object with a "url"';
  const checked = webhookUrl(address);
  if (checked.kind === 'refused') return checked.why;
  const known = format === undefined ? usualFormat(checked.url) : webhookFormats.find((one) => one === format);
  if (!known) return `its format is none of ${webhookFormats.join(', ')}`;
  if (secret !== undefined && (typeof secret !== 'string' || secret === '')) return 'its secret is no text';
  return { id: `webhook ${nameOf(parameter)}`, url: checked.url, format: known, secret };
}

function parsed(text: string): Written {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
