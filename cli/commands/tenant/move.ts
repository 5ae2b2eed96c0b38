/** `lake tenant move`: once, after an update from a version before 0.2.0. */

import { SSMClient } from '@aws-sdk/client-ssm';
import type { Command } from 'commander';
import { systemClock } from '../../../local/clock.ts';
import { UsageError } from '../../../local/exit.ts';
import { readDeployment } from '../../aws/deployment.ts';
import { auditInTable, callerArn } from '../../aws/tenant-audit.ts';
import { moveTenants, type MovedTenant } from '../../tenants/move-tenants.ts';
import { noteTo } from '../../tenants/tenant-audit.ts';
import { count } from '../../terminal/quantity.ts';
import { toStdout } from '../output.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

const help = `
Before 0.2.0 all tenants of a deployment were at one path of Parameter Store, which every function read. Now each is at the path of its cloud,
which no function of another cloud reads, and credentials lie apart, under a key of their own. Run this once after the update: until then
nothing is collected, and nothing is lost (Microsoft serves seven days). It can be run again when it was cut off.

You need the right to decrypt the credentials where they are. Without it, add the tenant again with its credential.

Example:
  lake tenant move --aws`;

/** Adds the command. */
export function moveCommand(tenant: Command): void {
  const command = tenant
    .command('move')
    .summary('move tenants of a deployment before 0.2.0 to the paths of their clouds')
    .description('Moves parameters of tenants, after an update from a version before 0.2.0.');
  addTenantsOptions(command)
    .addHelpText('after', help)
    .action(async (options: TenantsChoice) => {
      if (!options.aws) throw new UsageError('a tenants file has one path for all tenants; name the deployment by --aws');
      const deployment = await readDeployment();
      const audit = auditInTable(deployment.tableName, systemClock);
      const ssm = new SSMClient({});
      const moved = await moveTenants(
        deployment,
        ssm,
        noteTo(audit, systemClock, () => callerArn()),
      );
      await toStdout(page(moved));
      const left = moved.filter(({ fault }) => fault !== undefined);
      if (left.length > 0) throw new UsageError(`${count(left.length)} of ${count(moved.length)} tenants are where they were`);
    });
}

const page = (moved: readonly MovedTenant[]): string =>
  moved.length === 0
    ? 'no tenant is at the path that was used before 0.2.0\n'
    : moved.map(({ name, fault }) => `${name}: ${fault ?? 'moved'}\n`).join('');
