/** `lake tenant test`: asks Microsoft for everything that collecting a tenant needs, and says what is missing. */

import { Option, type Command } from 'commander';
import { hasPassed, type Checked, type CheckedTenant } from '../../../lambdas/check/checked-tenant.ts';
import { unknownWord } from '../../../shared/domain/nearest.ts';
import { iso } from '../../../shared/domain/window.ts';
import { readDeployment } from '../../aws/deployment.ts';
import { checkReport } from '../../tenants/check-report.ts';
import { checkTenant, type CheckPlace } from '../../tenants/check-tenant.ts';
import { paperOf } from '../../terminal/paper.ts';
import { BadAnswer, UsageError } from '../../../local/exit.ts';
import { toStdout } from '../output.ts';
import { addTenantsOptions, tenantsFileOf, type TenantsChoice } from './tenants-choice.ts';

interface TestOptions extends TenantsChoice {
  readonly logType?: readonly string[];
  readonly simulator?: string;
  readonly json?: true;
}

const help = `
Each log type that the tenant chose gets a line: reached, allowed (by the roles of the token), licensed, auditing on, the subscription's
state and the newest content; or the one thing that is wrong, and its cure. All of them are in docs/connection-test.md. Nothing is
changed: no subscription is started. A tenant that is switched off is tested as well. The exit code is 1 when a log type fails.

--aws has the deployed check function do it, so that role, network and credential are those of the functions that collect.

Examples:
  lake tenant test contoso --tenants tenants.json
  lake tenant test contoso --log-type audit-exchange --log-type alerts
  lake tenant test contoso --aws --json | jq '.logTypes[] | select(.passed | not) | .problem.cure'`;

/** Adds the command. */
export function testCommand(tenant: Command): void {
  const command = tenant
    .command('test')
    .summary('ask Microsoft whether everything is there, and name the cure where it is not')
    .description("Tests a tenant's credential, permissions, licences and sources, log type by log type.")
    .argument('<name>', "the tenant's name");
  addTenantsOptions(command)
    .option('--log-type <id>', 'test this one only; may be repeated', collect)
    .addOption(new Option('--simulator <url>', "send every request to a running 'lake simulate' instead of Microsoft").conflicts('aws'))
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(test);
}

const collect = (id: string, before: readonly string[] = []): readonly string[] => [...before, id];

async function test(name: string, options: TestOptions): Promise<void> {
  const checked = await checkTenant(name, await placeOf(options), options.logType);
  const tenant = checkedTenant(checked, options);
  await toStdout(options.json ? `${JSON.stringify(asJson(tenant), undefined, 2)}\n` : `${checkReport(tenant, paperOf())}\n`);
  const failed = tenant.logTypes.filter((logType) => !hasPassed(logType)).map(({ logType }) => logType);
  if (failed.length > 0) throw new BadAnswer(`${name} cannot be collected whole: ${failed.join(', ')} failed`);
}

async function placeOf(options: TestOptions): Promise<CheckPlace> {
  if (options.aws) return { kind: 'aws', deployment: await readDeployment() };
  const simulator = options.simulator === undefined ? {} : { simulator: options.simulator };
  return { kind: 'machine', tenantsFile: tenantsFileOf(options), ...simulator };
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
      throw new UsageError(`there is no tenant '${checked.name}' ${where}; 'lake tenant list' shows them`);
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
