/** `lake start`: collects, from the simulator or from real Microsoft. */

import { Option, type Command } from 'commander';
import type { Log } from '../../shared/ports/log.ts';
import { systemClock } from '../../local/clock.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { createLog } from '../../local/log.ts';
import { simulatedRun } from '../run/simulated-run.ts';
import { tenantsRun } from '../run/tenants-run.ts';
import { asUsage } from '../../local/exit.ts';
import { lakeOption, ocsfOption, wholeNumber, type LakeChoice, type OcsfChoice } from './options.ts';

interface StartOptions extends LakeChoice, OcsfChoice {
  readonly records?: string;
  readonly seed?: number;
  readonly tenants?: string;
  readonly once?: true;
  readonly simulator?: string;
  readonly log: 'quiet' | 'people' | 'json';
}

const help = `
Without options: a simulator of Microsoft is started with one tenant and a day of records of all log types; everything it serves is
collected into the lake folder, and compared record by record at the end. The exit code is 1 when anything is missing or repeated.

--records DIR   the simulator serves the records of DIR instead: JSON lines, a file named by the log type's id (audit-exchange.jsonl,
                or packed as audit-exchange.jsonl.gz).
--tenants FILE  real Microsoft. FILE is JSON: { "<name>": { "tenantDomain", "clientId", "credential", "managementActivity", "graph" } };
                the credential names an environment variable or a file: { "kind": "secret", "secretEnv": "CONTOSO_SECRET" }.
                Goes on for ever and continues where it stopped, also after kill -9; Ctrl-C ends it. --once ends when nothing is left.

Examples:
  npm start
  npm start -- --records my-records --lake /tmp/trial
  npm start -- --tenants tenants.json --lake my-lake
  npm start -- --tenants tenants.json --lake my-lake --once`;

/** Adds the command. */
export function startCommand(program: Command): void {
  program
    .command('start')
    .summary('collect: from a simulator, or from your tenants')
    .description('Runs the whole pipeline on this machine: list, fetch, land as Parquet.')
    .addOption(lakeOption())
    .addOption(new Option('--records <dir>', 'serve the records of a folder').conflicts(['tenants', 'seed']))
    .addOption(new Option('--seed <n>', 'seed of the simulated records').argParser(wholeNumber(0)).conflicts('tenants'))
    .option('--tenants <file>', 'collect from real Microsoft, as this file says')
    .option('--once', 'with --tenants: end when everything is collected')
    .option('--simulator <url>', "with --tenants: send every request to a running 'lake simulate' instead of Microsoft")
    .addOption(ocsfOption())
    .addOption(new Option('--log <form>', 'log lines on stderr').choices(['quiet', 'people', 'json']).default('quiet'))
    .addHelpText('after', help)
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const clock = systemClock;
  const folder = await asUsage(() => openLakeFolder(options.lake, { exclusive: true }));
  const stage = {
    folder,
    clock,
    log: logOf(options.log, () => clock.now()),
    isStopped: onStop(),
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

/** Ctrl-C asks to stop; what has begun ends first. The second one does not wait. */
function onStop(): () => boolean {
  let isStopped = false;
  const stop = (): void => {
    if (isStopped) process.exit(130);
    isStopped = true;
    process.stderr.write('\nstopping: what has begun ends first; Ctrl-C again does not wait\n');
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return () => isStopped;
}
