/** Whom a run notifies of findings: options of `lake start`. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { openCommand } from '../../local/channels/command.ts';
import { UsageError } from '../../local/exit.ts';
import { fileText } from '../../local/text-encoding.ts';
import { openWebhook, usualFormat, webhookUrl } from '../../shared/channels/webhook.ts';
import type { Channel } from '../../shared/notifications/channel.ts';
import { webhookFormats, type WebhookFormat } from '../../shared/notifications/formats.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** What the options set. */
export interface ChannelChoice {
  readonly exec?: string;
  readonly webhook?: string;
  readonly webhookFormat?: WebhookFormat;
  readonly webhookSecretEnv?: string;
  readonly webhookSecretFile?: string;
}

/** Adds the options. */
export function addChannelOptions(command: Command): Command {
  return command
    .addOption(new Option('--exec <command>', 'run this for each finding, which is JSON on its standard input'))
    .addOption(new Option('--webhook <url>', 'send findings there; env:NAME or file:PATH where the address is a secret'))
    .addOption(new Option('--webhook-format <form>', 'form of what is sent (usually seen by the address)').choices([...webhookFormats]))
    .addOption(new Option('--webhook-secret-env <name>', 'sign what is sent with the secret in this variable'))
    .addOption(new Option('--webhook-secret-file <file>', 'sign it with the secret in this file').conflicts('webhookSecretEnv'));
}

/** @throws UsageError when an address or a secret cannot be used; neither is repeated. */
export async function channelsOf(
  choice: ChannelChoice,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Promise<Channel[]> {
  const channels: Channel[] = [];
  if (choice.exec !== undefined) channels.push(openCommand(choice.exec, env));
  if (choice.webhook !== undefined) channels.push(await webhookOf(choice.webhook, choice, env, clock));
  else if (choice.webhookSecretEnv ?? choice.webhookSecretFile ?? choice.webhookFormat)
    throw new UsageError('a form or a secret of a webhook is given, and no --webhook');
  return channels;
}

async function webhookOf(
  given: string,
  { webhookFormat, webhookSecretEnv, webhookSecretFile }: ChannelChoice,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Promise<Channel> {
  const parsed = webhookUrl(await hidden('--webhook', given, env));
  if (parsed.kind === 'refused') throw new UsageError(parsed.why);
  const { url } = parsed;
  const place = webhookSecretEnv === undefined ? webhookSecretFile && `file:${webhookSecretFile}` : `env:${webhookSecretEnv}`;
  const secret = place === undefined ? undefined : await hidden('the secret of the webhook', place, env);
  // By its address: another one is another receiver, which has taken nothing yet.
  const id = `webhook ${createHash('sha256').update(url.href).digest('hex').slice(0, 8)}`;
  return openWebhook({ id, url, format: webhookFormat ?? usualFormat(url), secret }, clock);
}

/** `env:NAME` and `file:PATH` stand for what is there. */
async function hidden(what: string, given: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const [, kind, place = ''] = /^(env|file):(.+)$/s.exec(given) ?? [];
  if (kind === undefined) return given;
  const text = kind === 'env' ? env[place] : fileText(await readFile(place).catch(() => Buffer.alloc(0)));
  const value = text?.trim() ?? '';
  if (value === '')
    throw new UsageError(`${what}: ${kind === 'env' ? `the variable '${place}' is not set` : `there is nothing to read in '${place}'`}`);
  return value;
}
