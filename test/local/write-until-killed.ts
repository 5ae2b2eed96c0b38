/**
 * Does what a list and a fetch do to one machine's adapters, over and over, and prints each step once its answer is there.
 *
 * What round `n` writes is a pure function of `n`, so that whoever kills this process knows what has to be there.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJobs } from '../../local/jobs.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { openLedger } from '../../local/ledger.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import type { Lake } from '../../shared/ports/lake.ts';
import { due, signIns } from '../contracts/samples.ts';
import { alongsideOf, childOf, contentOf, finishOf, jobOf, keyOf, throttleOf } from '../helpers/rounds.ts';

const folder = await openLakeFolder(process.argv[2] ?? '', { exclusive: true });
const ledger = openLedger(folder.ledgerFile);
const queue = openJobs(folder.queueFile, { throttleOf, redeliver: true });
const lake: Lake = new LocalLake({ root: folder.path, temp: folder.objectsTemp });

const first = (await ledger.readCursor(signIns))?.version ?? 0;
console.log(`from ${String(first)}`);
for (let round = first; ; round += 1) {
  const job = jobOf(round);
  // What the run before was killed in is done again: the answers differ, the outcome does not.
  await ledger.createJob(job, due);
  console.log(`created ${String(round)}`);
  await queue.send([{ ref: jobRef(job), dueAt: due }]);
  console.log(`sent ${String(round)}`);
  const file = join(folder.workTemp, `round-${String(round)}`);
  writeFileSync(file, contentOf(round));
  await lake.putOnce(keyOf(round), file, {});
  console.log(`put ${String(round)}`);
  await ledger.finishJob(jobRef(job), finishOf(round));
  console.log(`finished ${String(round)}`);
  await queue.send([{ ref: jobRef(childOf(round)), dueAt: due }]);
  const [delivery] = await queue.receive('content', 1, 60_000, due);
  if (delivery) await queue.ack(delivery.receipt);
  await ledger.commitCursor(signIns, round, { watermarks: [round] }, alongsideOf(round));
  console.log(`committed ${String(round)}`);
}
