import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { channelsOf, type ChannelChoice } from '../../../cli/notifications/channel-options.ts';
import { systemClock } from '../../../local/clock.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const env = { SLACK_URL: 'https://hooks.slack.com/services/a/b', EMPTY: ' ' };
const channels = (choice: ChannelChoice) => channelsOf(choice, env, systemClock);

test('nobody is notified unless somebody is named', async () => {
  expect(await channels({})).toEqual([]);
});

test('a command and a webhook are channels, which keep their names between runs', async () => {
  const ids = async () => (await channels({ exec: 'true', webhook: 'env:SLACK_URL' })).map(({ id }) => id);
  expect(await ids()).toEqual(await ids());
  expect(await ids()).toEqual(['exec', expect.stringMatching(/^webhook [0-9a-f]{8}$/)]);
});

test('an address and a secret may stand in files', async () => {
  const file = join(await makeFolder(), 'secret');
  await writeFile(file, 'https://siem.example/a\n');
  expect(await channels({ webhook: `file:${file}`, webhookSecretFile: file })).toHaveLength(1);
});

test.each([
  { choice: { webhook: 'env:MISSING' }, says: "the variable 'MISSING' is not set" },
  { choice: { webhook: 'env:SLACK_URL', webhookSecretEnv: 'EMPTY' }, says: "the variable 'EMPTY' is not set" },
  { choice: { webhook: 'file:/nowhere' }, says: "there is nothing to read in '/nowhere'" },
  { choice: { webhook: 'http://siem.example/a' }, says: 'a webhook goes by https:' },
  { choice: { webhookSecretEnv: 'SLACK_URL' }, says: 'no --webhook' },
])('$choice is refused: $says', async ({ choice, says }) => {
  await expect(channels(choice)).rejects.toThrow(says);
});
