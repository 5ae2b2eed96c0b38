/** `lake erase`: erases every record of a person. */

import { createHash } from 'node:crypto';
import { Option, type Command } from 'commander';
import { systemClock } from '../../local/clock.ts';
import { eraseFromLake, type ErasedDataset } from '../../local/erasure/erase-lake.ts';
import { awsOption, readDeployment, type AwsChoice } from '../aws/deployment.ts';
import { lockedWords } from '../erase/erase-from-deployment.ts';
import { asUsage, BadAnswer, UsageError } from '../../local/exit.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { lakeTables } from '../../local/lake-views.ts';
import { identifierFault, identifiersOf, upnFault, type Erasure } from '../../shared/domain/erasure.ts';
import { literal } from '../../shared/domain/literal.ts';
import { erasedPage, erasedWords } from '../erase/erased-page.ts';
import { noted } from '../tenants/tenant-audit.ts';
import { createProgress } from '../terminal/progress.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStdout } from './output.ts';
import { checkedName, chooseStore } from './tenant/store-choice.ts';

interface EraseChoice extends LakeChoice, AwsChoice {
  readonly user: string;
  readonly also?: readonly string[];
  readonly tenant?: string;
  readonly tenants?: string;
  readonly reason?: string;
  readonly yes?: true;
  readonly json?: true;
}

const help = `
Erases every record that names the person: as the actor, as the target, or anywhere else in the record's JSON text. A record is erased as a
whole, also if it names other people. Without --yes, nothing is changed: the command shows what would be erased, and other ids under which
the person appears, which you can add with --also.

The user principal name is also found as a guest of another tenant (megan_contoso.example#EXT#) and in the address of the person's OneDrive
(personal/megan_contoso_example).

Landed and compacted files are rewritten without the records, and quarantined files that name the person are deleted. Landed files stay where
they are, so nothing is collected again or reported as missing. What Microsoft sends about the person from now on is collected as before:
run the command again after the account has been deleted.

The lake folder must not be in use by a collector. If the command is interrupted, run it again. 'lake tenant history' shows who erased, when
and why; the person appears there as a SHA-256 only. docs/retention.md says what else stays, and why.

With --aws, Athena looks for the records in every landed object and compacted table, which costs what reading their JSON text costs. Landed objects
are rewritten on this machine and put back, and their older versions are deleted; compaction deletes the compacted rows, and the command waits
for it. The former files of compacted tables are removed with the next week's VACUUM, and their older versions 30 days later. What Object Lock
holds stays, and the command says until when (exit code 1). Quarantined objects are not looked into: they expire by retention.quarantineDays. You
need the rights of 'lake query --aws', 'lake compact --aws' and 'lake tenant erase --aws', and s3:PutObject on raw/.

Examples:
  lake erase --user megan@contoso.example
  lake erase --user megan@contoso.example --also 1f3c0f6e-5b1e-4c7d-9a55-6e2f0b7c9d10 --reason "request 4711" --yes`;

/** Adds the command. */
export function eraseCommand(program: Command): void {
  program
    .command('erase')
    .summary('erase all records of a person')
    .description('Erases all records that name a person.')
    .requiredOption('--user <upn>', "the person's user principal name")
    .option('--also <ids...>', 'other names of the person: object id, former names, addresses')
    .option('--tenant <name>', 'only in the records of this tenant')
    .option('--reason <text>', 'why, for the history; required with --yes')
    .option('--yes', 'erase; without it, only show what would be erased')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts(['lake', 'tenants']))
    .addOption(new Option('--tenants <file>', "the tenants file, which the history is beside (default: 'tenants.json' of the lake folder)"))
    .addOption(new Option('--json', 'print one object'))
    .addHelpText('after', help)
    .action(erase);
}

async function erase(options: EraseChoice): Promise<void> {
  const erasure = erasureOf(options);
  const isDryRun = options.yes !== true;
  if (!isDryRun && options.reason === undefined)
    throw new UsageError('--yes needs --reason TEXT: the history says why records are missing');
  if (options.aws) return eraseOnAws(options, erasure, isDryRun);
  const folder = await asUsage(() => openLakeFolder(options.lake, { exclusive: false }));
  const others = isDryRun ? await otherNames(folder.path, options.user, erasure.identifiers) : [];
  const erased = isDryRun ? await run(options.lake, erasure, true) : await eraseNoted(options, erasure);
  if (options.json) return toStdout(`${prettyJson({ isDryRun, identifiers: erasure.identifiers, alsoSeenAs: others, erased })}\n`);
  await toStdout(erasedPage(erased, isDryRun));
  if (others.length > 0)
    await toStdout(`The person also appears as ${others.join(', ')}: add --also to erase records with these ids too.\n`);
}

function erasureOf({ user, also = [], tenant }: EraseChoice): Extract<Erasure, { kind: 'person' }> {
  const faults = [upnFault(user), ...also.map(identifierFault)].filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  return { kind: 'person', identifiers: identifiersOf(user, also), ...(tenant !== undefined && { tenant: checkedName(tenant) }) };
}

async function eraseNoted(options: EraseChoice, erasure: Erasure): Promise<ErasedDataset[]> {
  return (await inHistory(options, async () => ({ erased: await run(options.lake, erasure, false) }))).erased;
}

/** Two rows: that it begins, and what was done. */
async function inHistory<Done extends { readonly erased: readonly ErasedDataset[] }>(
  options: EraseChoice,
  work: () => Promise<Done>,
): Promise<Done> {
  const { note } = await chooseStore(options);
  const subject = createHash('sha256').update(options.user.toLowerCase()).digest('hex');
  const row = { action: 'erase', tenant: options.tenant ?? '*', subject, reason: options.reason } as const;
  const done = await noted(note, { ...row, changed: [] }, work);
  await note({ ...row, changed: ['done', ...erasedWords(done.erased)] });
  return done;
}

async function eraseOnAws(options: EraseChoice, erasure: Extract<Erasure, { kind: 'person' }>, isDryRun: boolean): Promise<void> {
  const { connectPersonErasure } = await import('../erase/connect-person-erasure.ts');
  const { erasePerson } = await import('../erase/erase-person.ts');
  const progress = createProgress(systemClock);
  const deps = await connectPersonErasure(await readDeployment(), (text) => {
    progress.update(text);
  });
  try {
    const work = (): ReturnType<typeof erasePerson> => erasePerson(erasure, isDryRun, deps);
    const { erased, locked } = isDryRun ? await work() : await inHistory(options, work);
    progress.done();
    const asJson = { isDryRun, identifiers: erasure.identifiers, erased, locked };
    await toStdout(options.json ? `${prettyJson(asJson)}\n` : erasedPage(erased, isDryRun));
    if (locked.length > 0) throw new BadAnswer(lockedWords(locked));
  } finally {
    progress.done();
    await deps.close();
  }
}

async function run(lake: string, erasure: Erasure, isDryRun: boolean): Promise<ErasedDataset[]> {
  const folder = await asUsage(() => openLakeFolder(lake, { exclusive: true }));
  const progress = createProgress(systemClock);
  try {
    return await eraseFromLake(folder, {
      clock: systemClock,
      erasure,
      isDryRun,
      onProgress: (dataset) => {
        progress.update(`${isDryRun ? 'looking into' : 'erasing from'} ${dataset}`);
      },
    });
  } finally {
    progress.done();
    folder.close();
  }
}

/** Ids under which the person acted in records that say both, and nobody else did: an agent or an app that acts for many is no name of one. */
async function otherNames(lake: string, upn: string, known: readonly string[]): Promise<string[]> {
  const selects = lakeTables().flatMap(({ kind, name }) =>
    kind === 'raw' ? [`SELECT DISTINCT lower(actor_id) AS id, lower(actor_upn) AS upn FROM ${name}`] : [],
  );
  const sql = `SELECT id FROM (${selects.join(' UNION ALL ')}) WHERE id IS NOT NULL AND upn IS NOT NULL
    GROUP BY id HAVING min(upn) = ${literal(upn.toLowerCase())} AND max(upn) = ${literal(upn.toLowerCase())} LIMIT 50`;
  const reader = await openLakeReader(lake, sql);
  try {
    const ids = (await (await reader.query(sql)).getRows()).map(([id]) => String(id));
    return ids.filter((id) => !known.includes(id)).sort();
  } finally {
    await reader.close();
  }
}
