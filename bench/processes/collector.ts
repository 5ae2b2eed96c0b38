/** The collector of a benchmark, in a process of its own, as `npm start` builds it. Arguments: simulator, start of its world, lake, `raw` for no normalized datasets. */

import { systemClock } from '../../local/clock.ts';
import { openCollector, sourcesOf } from '../../local/collector.ts';
import { connect } from '../../local/connect.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { drain } from '../../cli/run/drain.ts';
import { countEvent, noProgress } from '../../cli/run/progress-counts.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { hours } from '../../shared/domain/window.ts';
import { unpaced } from '../../shared/microsoft/pacing.ts';
import type { CollectorReport } from '../whole-line.ts';
import { peakRssMb } from './peak-rss.ts';

const [baseUrl = '', startAt = '0', lake = '', datasets = 'all'] = process.argv.slice(2);
const simulated = simulatedTenant({ name: 'contoso' });
const tenant: Tenant = {
  name: simulated.name,
  tenantDomain: simulated.domains[0] ?? simulated.tenantId,
  clientId: simulated.apps[0]?.clientId ?? '',
  credentialKind: 'secret',
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
  collectFrom: Number(startAt) - hours(24),
};
const secret = simulated.apps[0]?.secrets[0]?.value ?? '';
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const folder = await openLakeFolder(lake, { exclusive: true });
const connected = await connect(folder, {
  clock: systemClock,
  log: silent,
  hostOverride: { baseUrl },
  pacing: unpaced,
  tenants: {
    list: () => Promise.resolve([{ kind: 'tenant', tenant }]),
    byName: () => Promise.resolve(tenant),
    credential: () => Promise.resolve({ kind: 'secret', secret }),
  },
});

const adapters = datasets === 'raw' ? { ...connected, normalized: [] } : connected;
const counts = noProgress(1);
const begun = systemClock.now();
const collector = openCollector(adapters, sourcesOf([tenant]), (event) => {
  countEvent(counts, event);
});
await drain(adapters, collector, () => false);
const { user, system } = process.cpuUsage();
const report: CollectorReport = {
  seconds: (systemClock.now() - begun) / 1_000,
  cpuSeconds: (user + system) / 1e6,
  landedRows: counts.landedRows,
  objects: counts.landedJobs,
  peakRssMb: await peakRssMb(),
};
adapters.close();
folder.close();
process.send?.(report);
process.disconnect();
