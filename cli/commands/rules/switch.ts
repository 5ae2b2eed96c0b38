import { Option, type Command } from 'commander';
import { systemClock } from '../../../local/clock.ts';
import { UsageError } from '../../../local/exit.ts';
import { awsOption, type AwsChoice } from '../../aws/deployment.ts';
import { allow, disallow, switchOff, switchOn } from '../../rules/switch-rules.ts';
import { personHere } from '../../tenants/tenant-audit.ts';
import { lakeOption, type LakeChoice } from '../options.ts';
import { toStdout } from '../output.ts';

type Place = LakeChoice & AwsChoice;
const rule = "the rule's id, file or title";
const next = `
Rules count from the next job on (with --aws within ten minutes). Findings that are there stay.`;

/** Adds `lake rules off`, which stops asking a rule. */
export function offCommand(rules: Command): void {
  withPlace(rules.command('off'))
    .summary('switch a rule off')
    .description('Switches a rule off: nothing is evaluated for it until it is switched on again.')
    .argument('<rule>', rule)
    .requiredOption('--because <reason>', 'why')
    .addHelpText(
      'after',
      `${next}\n\nExample:\n  lake rules off mass-download --because "an archive job of ours, replaced by our own rule"`,
    )
    .action(async (word: string, { because, ...place }: Place & { readonly because: string }) => {
      const { title } = await switchOff(place, word, here(because));
      await toStdout(`off: ${title}\n`);
    });
}

/** Adds `lake rules on`, which asks a rule again. */
export function onCommand(rules: Command): void {
  withPlace(rules.command('on'))
    .summary('switch a rule on again')
    .description('Switches a rule on that was switched off. What landed meanwhile: lake detect --since 7d --rule RULE.')
    .argument('<rule>', rule)
    .addHelpText('after', `${next}\n\nExample:\n  lake rules on mass-download`)
    .action(async (word: string, place: Place) => {
      const { title } = await switchOn(place, word);
      await toStdout(`on: ${title}\n`);
    });
}

/** Adds `lake rules allow`, which lets findings be quiet. */
export function allowCommand(rules: Command): void {
  withPlace(rules.command('allow'))
    .summary('notify nobody of findings with a value, until a day')
    .description(
      'Allows values of what a rule groups its findings by. They are found and landed all the same, quiet, with who allowed them, until when and why.',
    )
    .argument('<rule>', rule)
    .requiredOption('--value <name=value...>', 'what is allowed: actor_upn=backup@contoso.com; several must all be there')
    .addOption(new Option('--until <date>', 'the last day, at most a year from now').conflicts('remove'))
    .addOption(new Option('--because <reason>', 'why').conflicts('remove'))
    .option('--remove', 'take it back')
    .addHelpText(
      'after',
      `${next}\n\nExamples:\n  lake rules allow mass-download --value actor_upn=backup@contoso.com --until 2027-03-31 --because "moves to a new tenant"\n  lake rules allow mass-download --value actor_upn=backup@contoso.com --remove`,
    )
    .action(async (word: string, { value, until, because, remove, ...place }: AllowOptions) => {
      const where = valuesOf(value);
      if (remove) return toStdout(`no longer allowed: ${(await disallow(place, word, where)).title}\n`);
      if (until === undefined || because === undefined)
        throw new UsageError('what is allowed has an end and a reason: give --until DATE and --because "..."');
      const { title } = await allow(place, word, { where, until, ...here(because) });
      return toStdout(`allowed until ${until}: ${title}\n`);
    });
}

interface AllowOptions extends LakeChoice, AwsChoice {
  readonly value: readonly string[];
  readonly until?: string;
  readonly because?: string;
  readonly remove?: true;
}

function withPlace(command: Command): Command {
  return command.addOption(lakeOption()).addOption(awsOption().conflicts('lake'));
}

const here = (because: string) => ({ by: personHere(process.env), at: systemClock.now(), because });

function valuesOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((one) => {
      const at = one.indexOf('=');
      if (at < 1) throw new UsageError(`'${one}' is no value: give name=value, such as actor_upn=backup@contoso.com`);
      return [one.slice(0, at), one.slice(at + 1)] as const;
    }),
  );
}
