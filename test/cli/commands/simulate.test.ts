import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../local/exit.ts';
import { simulate, type SimulateOptions } from '../../../cli/commands/simulate.ts';
import { hours } from '../../../shared/domain/window.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { exchangeRecord } from '../../helpers/sample-records.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const clock = new VirtualClock(Date.parse('2026-11-22T12:00:00Z'));
const usual: SimulateOptions = { port: 0, seed: 1 };

async function tokenLifetime(options: SimulateOptions): Promise<number> {
  const { simulator, world } = await simulate(options, clock);
  const [tenant] = world.tenants;
  const app = tenant?.apps[0];
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: app?.clientId ?? '',
    client_secret: app?.secrets[0]?.value ?? '',
    scope: 'https://manage.office.com/.default',
  });
  const url = `${simulator.baseUrl}/login.microsoftonline.com/${tenant?.tenantId ?? ''}/oauth2/v2.0/token`;
  const answer = (await (await fetch(url, { method: 'POST', body })).json()) as { expires_in: number };
  await simulator.close();
  return answer.expires_in;
}

describe('the simulator alone', () => {
  test('gives tokens for the credential that it prints, for as long as the option says', async () => {
    expect(await tokenLifetime(usual)).toBe(3_599);
    expect(await tokenLifetime({ ...usual, tokenLifetime: 30 })).toBe(30);
  });

  test('serves the records of a folder', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'audit-exchange.jsonl'), JSON.stringify(exchangeRecord('one')));
    const { simulator, world } = await simulate({ ...usual, records: folder }, clock);
    await simulator.close();
    expect(world.records).toBe('given');
  });

  test('serves the same records again for the same seed and start time, and refuses a start time that is still to come', async () => {
    const worldAt = async (startAt: number) => {
      const { simulator, world } = await simulate({ ...usual, startAt }, clock);
      await simulator.close();
      const lastHours = { start: startAt - hours(2), end: startAt };
      return world.blobs(world.tenants[0]?.tenantId ?? '', 'dlp-all', lastHours).flatMap((blob) => blob.records());
    };
    const [yesterday, again, earlier] = [await worldAt(clock.now() - hours(24)), await worldAt(clock.now() - hours(24)), await worldAt(0)];
    expect(yesterday.length).toBeGreaterThan(0);
    expect(again).toEqual(yesterday);
    expect(earlier).not.toEqual(yesterday);
    await expect(worldAt(clock.now() + 1)).rejects.toThrow('is in the future; it is 2026-11-22T12:00:00.000Z');
  });

  test('does what a file of faults says', async () => {
    const file = join(await makeFolder(), 'faults.json');
    await writeFile(file, JSON.stringify({ script: [{ route: 'token', request: 1, answer: '503' }] }));
    const { simulator, world } = await simulate({ ...usual, faults: file }, clock);
    const url = `${simulator.baseUrl}/login.microsoftonline.com/${world.tenants[0]?.tenantId ?? ''}/oauth2/v2.0/token`;
    expect((await fetch(url, { method: 'POST', body: '' })).status).toBe(503);
    await simulator.close();
  });

  test.each([
    { name: 'faults that are no JSON', text: '{', says: 'is no JSON' },
    { name: 'faults that nobody knows', text: '{"rates": {"token": {"5O3": 1}}}', says: 'faults cannot be read' },
  ])('refuses $name', async ({ text, says }) => {
    const file = join(await makeFolder(), 'faults.json');
    await writeFile(file, text);
    await expect(simulate({ ...usual, faults: file }, clock)).rejects.toThrow(says);
    await expect(simulate({ ...usual, faults: file }, clock)).rejects.toThrow(UsageError);
  });

  test('refuses a folder without records, and a port that is taken', async () => {
    const folder = join(await makeFolder(), 'empty');
    await mkdir(folder);
    await expect(simulate({ ...usual, records: folder }, clock)).rejects.toThrow(UsageError);
    const { simulator } = await simulate(usual, clock);
    await expect(simulate({ ...usual, port: simulator.port }, clock)).rejects.toThrow(
      /port \d+ cannot be had \(EADDRINUSE\): choose another/,
    );
    await simulator.close();
  });
});
