/**
 * `npm run cost`: what landing costs in AWS. A fixed workload goes through the adapters on the emulator; every call is counted, in the units
 * that AWS charges, and priced with the dated table of cost/prices.ts.
 *
 * Exits with 1 where it is over a limit. `--write` puts the table into docs/cost.md.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hours } from '../shared/domain/window.ts';
import { compactionOfMillion, shareOfMillion } from './cost/compaction.ts';
import { stateOfMixedRecords } from './cost/mixed-records.ts';
import { details, limited, limits, report, type Bill } from './cost/report.ts';
import { openStage, type Stage, type World } from './cost/stage.ts';
import { standingParts, type StandingParts } from './cost/standing-parts.ts';
import { Usage } from './cost/usage.ts';
import { bytesOfEvent } from './sizing/sizing-page.ts';
import { absences, addBusyTenant, addIdleTenant, atOnce, busyLogType, idle, idleCompaction, land, steadily } from './cost/workloads.ts';

const startAt = Date.parse('2026-11-21T00:00:00Z');
/** A million events a day in blobs of 250; the world serves what the last twenty hours before its start brought. */
const busyWorld: World = { startAt, records: 833_250, recordBytes: 2_000, blobs: 3_333 };
const idleWorld: World = { startAt, records: 0, recordBytes: 0, blobs: 0 };
const idleHours = 24;
const hoursOfMonth = 24 * 30;

const parts = await standingParts();
const bill = await count(parts);
const text = report(bill);
process.stdout.write(
  `${details('A million events', bill.million)}\n\n${details('A million events of a backlog', bill.backlog)}\n\n${details('An idle tenant, a month', bill.idleTenant)}\n\n`,
);
process.stdout.write(
  `${details('A million events, compacted', bill.compactedMillion)}\n\n${details('Compaction without work, a month', bill.idleCompaction)}\n\n`,
);
process.stdout.write(
  `${details('Rules of a million events', bill.rulesOfMillion)}\n\n${details('Their state', bill.stateOfMillion)}\n\n${details('State of rules of a mixed million', bill.stateOfMixedMillion)}\n\n${details('Absences, a month', bill.absences)}\n\n`,
);
process.stdout.write(`${details('The deployment, a month', bill.deployment)}\n\n${text}\n\n`);
if (process.argv.includes('--write')) await writePage(text);
const verdicts = (Object.keys(limits) as (keyof typeof limits)[]).map((name) => ({
  name,
  usd: limited(bill)[name].cost,
  limit: limits[name],
}));
for (const { name, usd, limit } of verdicts) {
  process.stdout.write(`${name}: ${usd.toFixed(4)} USD, ${usd <= limit ? 'within' : 'OVER'} its limit of ${String(limit)}\n`);
}
process.exitCode = verdicts.every(({ usd, limit }) => usd <= limit) ? 0 : 1;

async function count({ usage, memory, compactEveryHours }: StandingParts): Promise<Bill> {
  const landed = await onStage(busyWorld, startAt - hours(20), async (stage) => {
    const those = await land(stage, memory, steadily);
    const bytes = await stage.landed();
    const sizes = [bytes.bytes / those.records, 300, bytesOfEvent()];
    return {
      ...those,
      compacted: compactionOfMillion(bytes, those.records, compactEveryHours),
      shares: sizes.map((size) => shareOfMillion(bytes, those.records, compactEveryHours, size)),
    };
  });
  const backlog = await onStage(busyWorld, startAt - hours(20), (stage) => land(stage, memory, atOnce));
  // Had nothing come, the same list would have run as often: that is the idle tenant's and the deployment's.
  const anyway = await onStage(idleWorld, startAt, async (stage) => {
    await addBusyTenant(stage);
    return idle(stage, memory, steadily.forHours, [busyLogType]);
  });
  const nothingToCompact = await onStage(idleWorld, startAt, (stage) => idleCompaction(stage, memory, idleHours));
  const [empty, withTenant] = await onStage(idleWorld, startAt, async (stage) => {
    const without = await idle(stage, memory, idleHours / 8);
    await addIdleTenant(stage);
    return [without.times(8), await idle(stage, memory, idleHours)] as const;
  });
  const absent = await onStage(idleWorld, startAt, async (stage) => {
    await addBusyTenant(stage);
    return absences(stage, memory, idleHours / 4);
  });
  const mixed = await onStage(idleWorld, startAt, stateOfMixedRecords);
  const perMillion = 1_000_000 / landed.records;
  // A function that has no tenant does not ask for the table's key; that it asks once a run is the deployment's, whoever comes first.
  const runs = withTenant.of('lambdaRequest');
  const keys = new Usage();
  keys.add('kmsRequest', runs - empty.of('kmsRequest'));
  const month = hoursOfMonth / idleHours;
  return {
    million: landed.usage.beyond(anyway).times(perMillion),
    rulesOfMillion: landed.rules.times(perMillion),
    stateOfMillion: landed.state.times(perMillion),
    stateOfMixedMillion: mixed.usage.times(1_000_000 / mixed.records),
    absences: absent.times(4 * month),
    jobsPerMillion: landed.jobs * perMillion,
    backlog: backlog.usage.times(1_000_000 / backlog.records),
    compactedMillion: landed.compacted,
    compactedShares: landed.shares,
    idleCompaction: nothingToCompact.times(month),
    deployment: usage.plus(empty.plus(keys).times(month)),
    idleTenant: withTenant.beyond(empty.plus(keys)).times(month),
    metrics: landed.metrics,
  };
}

async function onStage<T>(world: World, startAt: number, use: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await openStage(world, startAt, { usage: new Usage(), calls: 0 });
  try {
    return await use(stage);
  } finally {
    await stage.close();
  }
}

/** Between the two comments that stand there for it. */
async function writePage(bill: string): Promise<void> {
  const file = join(import.meta.dirname, '..', 'docs', 'cost.md');
  const page = await readFile(file, 'utf8');
  const marked = /(<!-- cost -->)[\s\S]*(<!-- \/cost -->)/;
  if (!marked.test(page)) throw new Error('docs/cost.md has no place for the bill: <!-- cost --> and <!-- /cost -->');
  await writeFile(
    file,
    page.replace(marked, (_all, open: string, close: string) => `${open}\n\n${bill}\n\n${close}`),
  );
}
