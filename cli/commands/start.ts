/** `lake start`: collects, from the simulator or from real Microsoft. */

import { constants } from 'node:os';
import { Option, type Command } from 'commander';
import { seconds } from '../../shared/domain/window.ts';
import type { Log } from '../../shared/ports/log.ts';
import { systemClock, unlessEnded } from '../../local/clock.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { createLog } from '../../local/log.ts';
import { addChannelOptions, channelsOf, type ChannelChoice } from '../notifications/channel-options.ts';
import { checkRecords } from '../run/simulation.ts';
import { simulatedRun } from '../run/simulated-run.ts';
import { tenantsRun } from '../run/tenants-run.ts';
import { asUsage } from '../../local/exit.ts';
import { toStderr } from './output.ts';
import { lakeOption, ocsfOption, wholeNumber, type LakeChoice, type OcsfChoice } from './options.ts';

interface StartOptions extends LakeChoice, OcsfChoice, ChannelChoice {
  readonly records?: string;
  readonly seed?: number;
  readonly tenants?: string;
  readonly once?: true;
  readonly simulator?: string;
  readonly log: 'quiet' | 'text' | 'json';
}

const help = `
Without options, this starts a simulator of Microsoft with one tenant and one day of records of every log type, collects everything into the
lake folder, and compares record by record what was served with what landed. The exit code is 1 if a record is missing or repeated.

--records DIR   makes the simulator serve your own records: JSON lines, one file for each log type, named by its id
                (audit-exchange.jsonl, or audit-exchange.jsonl.gz).
--tenants FILE  collects from Microsoft, until Ctrl-C. A run continues where the last one ended, even after kill -9. With --once it ends
                as soon as everything available has landed. 'lake tenant add' writes the file.

What rules find is printed as it is found. --exec and --webhook notify somebody else as well, at least once each; the id of a finding
stays the same. More than ten in a quarter of an hour are one digest, except for --exec.

Examples:
  lake start
  lake start --records my-records --lake /tmp/trial
  lake start --tenants tenants.json --lake my-lake
  lake start --tenants tenants.json --lake my-lake --once
  lake start --tenants tenants.json --lake my-lake --webhook env:SLACK_URL
  lake start --tenants tenants.json --lake my-lake --exec 'jq -r .data.title >> found.txt'`;

/** Adds the command. */
export function startCommand(program: Command): void {
  const start = program
    .command('start')
    .summary('collect from a simulator, or from your tenants')
    .description('Collects records on this machine and lands them as Parquet files.')
    .addOption(lakeOption())
    .addOption(new Option('--records <dir>', 'simulate Microsoft with the records of this folder').conflicts(['tenants', 'seed']))
    .addOption(new Option('--seed <n>', 'seed of the simulated records').argParser(wholeNumber(0)).conflicts('tenants'))
    .option('--tenants <file>', 'collect the tenants of this file from Microsoft')
    .option('--once', 'with --tenants: end when everything has landed')
    .option('--simulator <url>', "with --tenants: send requests to a running 'lake simulate' instead of Microsoft")
    .addOption(ocsfOption())
    .addOption(new Option('--log <form>', 'form of the log on stderr').choices(['quiet', 'text', 'json']).default('quiet'))
    .addHelpText('after', help)
    .action(collect);
  addChannelOptions(start);
}

async function collect(options: StartOptions): Promise<void> {
  const clock = systemClock;
  if (options.records !== undefined) await checkRecords(options.records, clock.now());
  const channels = await channelsOf(options, process.env, clock);
  const folder = await asUsage(() => openLakeFolder(options.lake, { exclusive: true }));
  const stage = {
    folder,
    clock,
    channels,
    log: logOf(options.log, () => clock.now()),
    isStopped: onStop(isForEver(options) ? 0 : interrupted),
    datasets: { ocsf: options.ocsf ?? false },
  };
  try {
    if (options.tenants === undefined) {
      await simulatedRun(stage, {
        ...(options.seed === undefined ? {} : { seed: options.seed }),
        ...(options.records === undefined ? {} : { records: options.records }),
      });
    } else {
      const hostOverride = options.simulator === undefined ? {} : { hostOverride: { baseUrl: options.simulator } };
      await tenantsRun(stage, { tenantsFile: options.tenants, once: options.once ?? false, ...hostOverride });
    }
  } finally {
    folder.close();
  }
}

function logOf(form: StartOptions['log'], now: () => number): Log {
  const quiet = { info: ignore, warn: ignore, error: ignore };
  return form === 'quiet' ? quiet : createLog(form, now);
}

function ignore(): void {
  // The end of the run says what matters.
}

/** Ctrl-C is the only end of a run that goes on for ever. */
const isForEver = ({ tenants, once }: StartOptions): boolean => tenants !== undefined && once !== true;
const interrupted = 128 + constants.signals.SIGINT;

/** What a request that nobody answers, or a long landing, has to end: what was cut off is taken up by the next run, as after a crash. */
const graceMs = seconds(5);

/**
 * Ctrl-C asks to stop, and what has begun has a few seconds to end. The second one does not wait.
 *
 * @param code Of the process, where what has begun does not end in time.
 */
function onStop(code: number): () => boolean {
  let isStopped = false;
  const stop = (): void => {
    if (isStopped) process.exit(interrupted);
    isStopped = true;
    toStderr('\nstopping: what has begun has a few seconds to end; Ctrl-C again does not wait\n');
    void unlessEnded(graceMs).then(() => {
      toStderr('stopped; what had begun begins again next time: the same command goes on from here\n');
      process.exit(code);
    });
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return () => isStopped;
}
