/** `lake tenant test`: asks Microsoft for everything that collecting a tenant needs, and says what is missing. */

import { Option, type Command } from 'commander';
import { hasPassed, type Checked, type CheckedTenant } from '../../../lambdas/check/checked-tenant.ts';
import { unknownWord } from '../../../shared/domain/nearest.ts';
import { iso } from '../../../shared/domain/window.ts';
import { checkReport } from '../../tenants/check-report.ts';
import { checkTenant } from '../../tenants/check-tenant.ts';
import { notedAfter, type Note } from '../../tenants/tenant-audit.ts';
import { terminalStyle } from '../../terminal/terminal-style.ts';
import { BadAnswer, UsageError } from '../../../local/exit.ts';
import { prettyJson, toStderr, toStdout } from '../output.ts';
import { chooseStore } from './store-choice.ts';
import { addTenantsOptions, sameTenants, tenantsFileOf, type TenantsChoice } from './tenants-choice.ts';

interface TestOptions extends TenantsChoice {
  readonly logType?: readonly string[];
  readonly simulator?: string;
  readonly json?: true;
}

const help = `
Prints a line for each log type of the tenant: whether Microsoft was reached, whether the permissions, licences and audit setting are in
place, the state of the subscription, and the newest content; or what is wrong, with its cure. docs/connection-test.md lists all of them.
Nothing is changed, and no subscription is started; 'lake tenant history' has a row for each test. Disabled tenants can be tested. The exit code is 1 if a log type fails.

With --aws, the deployed check function runs the test, with the role, network and credential that collecting uses.

Examples:
  lake tenant test contoso --tenants tenants.json
  lake tenant test contoso --log-type audit-exchange --log-type alerts
  lake tenant test contoso --aws --json | jq '.logTypes[] | select(.passed | not) | .problem.cure'`;

/** Adds the command. */
export function testCommand(tenant: Command): void {
  const command = tenant
    .command('test')
    .summary('test the connection of a tenant, log type by log type')
    .description("Tests a tenant's credential, permissions, licences and sources, log type by log type.")
    .argument('<name>', "the tenant's name");
  addTenantsOptions(command)
    .option('--log-type <id>', 'test only this log type; can be repeated', collect)
    .addOption(new Option('--simulator <url>', "send requests to a running 'lake simulate' instead of Microsoft").conflicts('aws'))
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(test);
}

const collect = (id: string, before: readonly string[] = []): readonly string[] => [...before, id];

async function test(name: string, options: TestOptions): Promise<void> {
  const { checkPlace, note } = await chooseStore(options);
  const checked = await checkTenant(name, checkPlace, options.logType);
  await noteTest(name, checked, note);
  const tenant = checkedTenant(checked, options);
  await toStdout(options.json ? `${prettyJson(asJson(tenant))}\n` : `${checkReport(tenant, terminalStyle())}\n`);
  const failed = tenant.logTypes.filter((logType) => !hasPassed(logType)).map(({ logType }) => logType);
  if (failed.length > 0) throw new BadAnswer(`${name} cannot be collected whole: ${failed.join(', ')} failed`);
}

/** A row for a test that asked Microsoft with the tenant's credential. */
async function noteTest(name: string, checked: Checked, note: Note): Promise<void> {
  if (checked.kind !== 'checked') return;
  const hasFailed = !checked.tenant.logTypes.every(hasPassed);
  const fault = await notedAfter(note, { action: 'test', tenant: name, ...(hasFailed && { failed: 'not every log type passed' }) });
  if (fault !== undefined) toStderr(`the test has no row in 'lake tenant history': ${fault}\n`);
}

/** @throws UsageError for a tenant that cannot be asked about, with every fault. */
function checkedTenant(checked: Checked, options: TestOptions): CheckedTenant {
  switch (checked.kind) {
    case 'checked':
      return checked.tenant;
    case 'broken':
      throw new UsageError(`tenant '${checked.name}' cannot be tested; nobody was asked:\n  ${checked.faults.join('\n  ')}`);
    case 'not-chosen':
      throw new UsageError(unknownWord(`log type of tenant '${checked.name}'`, checked.logType, checked.chosen));
    case 'unknown': {
      const where = options.aws ? 'in the deployment' : `in '${tenantsFileOf(options)}'`;
      throw new UsageError(`there is no tenant '${checked.name}' ${where}; 'lake tenant list${sameTenants(options)}' shows them`);
    }
  }
}

function asJson({ name, tenantId, checkedAt, logTypes }: CheckedTenant): unknown {
  const rows = logTypes.map((logType) => {
    const { newest, ...rest } = logType;
    return { ...rest, passed: hasPassed(logType), ...(newest !== undefined && { newest: iso(newest) }) };
  });
  return { name, tenantId: tenantId ?? null, checkedAt: iso(checkedAt), logTypes: rows };
}
