import type { Command } from 'commander';
import type { Detection } from '../../../shared/detections/detection.ts';
import { silentBecause } from '../../../shared/detections/lint.ts';
import { switched, type SwitchedOff } from '../../../shared/detections/switches.ts';
import { awsOption, type AwsChoice } from '../../aws/deployment.ts';
import { rulesInForce } from '../../rules/rules-in-force.ts';
import { terminalStyle } from '../../terminal/terminal-style.ts';
import { count } from '../../terminal/quantity.ts';
import { table } from '../../terminal/table.ts';
import { lakeOption, type LakeChoice } from '../options.ts';
import { prettyJson, toStdout } from '../output.ts';

/** Adds `lake rules list`. */
export function listCommand(rules: Command): void {
  rules
    .command('list')
    .summary('list the rules of a lake or a deployment')
    .description(
      'Lists the rules that are evaluated: those of this version, and those that were added to the lake folder or the deployment.',
    )
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .option('--json', 'print an array of objects')
    .action(async ({ json, ...place }: LakeChoice & AwsChoice & { readonly json?: true }) => {
      const { known, switches, hash } = await rulesInForce(place);
      const detections = switched(known, { off: [], allowed: switches.allowed });
      const isOff = new Map(switches.off.map((one) => [one.rule, one]));
      if (json) return toStdout(`${prettyJson(detections.map((one) => ({ ...asJson(one), ...switchOf(isOff.get(one.id)) })))}\n`);
      const style = terminalStyle();
      const rows = detections.map((one) => [
        one.level,
        one.how.kind,
        one.title,
        one.attack.join(', '),
        datasetsOf(one),
        isOff.has(one.id) ? 'off' : silentBecause(one) === undefined ? 'yes' : 'no',
      ]);
      const columns = ['level', 'kind', 'title', 'ATT&CK', 'datasets', 'notifies'].map((name) => ({ name }));
      return toStdout(`${table(columns, rows, style)}\n\n${style.dim(`${count(detections.length)} rules, set ${hash}`)}\n`);
    });
}

const switchOf = (off: SwitchedOff | undefined) => (off ? { off: { by: off.by, since: off.since, because: off.because } } : {});

const datasetsOf = ({ selections }: Detection): string => [...new Set(selections.map(({ dataset }) => dataset))].join(', ');

function asJson(detection: Detection) {
  const { id, version, title, level, how, attack, file, expect, description, falsePositives, allowed } = detection;
  const silent = silentBecause(detection);
  return {
    ...{ id, version, title, level, kind: how.kind, attack, file, description, falsePositives },
    ...(expect !== undefined && { expect }),
    datasets: [...new Set(detection.selections.map(({ dataset }) => dataset))],
    ...(silent !== undefined && { silentBecause: silent }),
    ...(allowed && { allowed }),
  };
}
