/** The adapters of a check: tenants and Microsoft, opened anew for each check, so that no cache answers it. */

import { SSMClient } from '@aws-sdk/client-ssm';
import { openTenants } from '../shared/aws/tenants.ts';
import { connectMicrosoft } from '../shared/microsoft/connect.ts';
import { checkLimits } from '../shared/microsoft/limits.ts';
import type { CheckStationDeps } from './check/check.ts';
import { lambdaClock } from './clock.ts';
import { clientSettings, parameterStoreSettings, placesOfTenants, sandbox } from './connect.ts';
import type { CheckEnvironment } from './environment.ts';
import { federation } from './federation.ts';
import { lambdaLog } from './log.ts';

/** A token, credential or configuration of a check is never older than the check. */
export function connectCheck(environment: CheckEnvironment): () => CheckStationDeps {
  const ssm = new SSMClient(parameterStoreSettings);
  const [clock, log] = [lambdaClock, lambdaLog()];
  const places = placesOfTenants(environment);
  const { FEDRAMP: isFedramp, SIMULATOR_URL: baseUrl } = environment;
  return () => {
    const assertion = federation(environment, clientSettings, clock);
    const tenants = openTenants({ client: ssm, salt: sandbox(), ...places, deployment: { isFedramp }, assertion, clock, scope: 'every' });
    const hostOverride = baseUrl === undefined ? {} : { hostOverride: { baseUrl } };
    const microsoft = connectMicrosoft({ tenants, clock, log, limits: checkLimits, ...hostOverride });
    return { tenants, microsoft, clock, sameTenants: ' --aws' };
  };
}
