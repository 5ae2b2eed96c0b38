import { iso } from '../shared/domain/window.ts';
import { contentHash } from './canonical.ts';
import { addTo, example, lacking, total, type Counts, type Comparison } from './comparison.ts';
import type { Expected } from './expected.ts';
import type { Blob, World } from './world.ts';

/** Compares the rows of each content blob with the blob, as multisets. */
export function compareBlobs({ world, blobs }: Expected, landed: ReadonlyMap<string, Counts>, comparison: Comparison): void {
  for (const contentId of new Set([...blobs.keys(), ...landed.keys()])) {
    const required = blobs.get(contentId);
    // Blobs beyond the cut-off may have landed already.
    const blob = required ?? knownBlob(world, contentId);
    const served = blob ? hashesOf(blob) : noRecords;
    const rows = landed.get(contentId) ?? noRecords;
    if (required) noteMissing(required, served, rows, comparison);
    noteSurplus(contentId, blob, served, rows, comparison);
  }
}

const noRecords: Counts = new Map();

function noteMissing(blob: Blob, served: Counts, rows: Counts, comparison: Comparison): void {
  const missing = lacking(served, rows);
  comparison.served += total(served);
  comparison.missing += missing;
  if (missing === 0) return;
  const share = `${String(missing)} of ${String(total(served))} records`;
  example(
    comparison,
    `${blob.logTypeId}: ${share} of blob ${blob.contentId} are missing; created ${iso(blob.created)}, listed from ${iso(blob.visibleAt)}`,
  );
}

function noteSurplus(contentId: string, blob: Blob | undefined, served: Counts, rows: Counts, comparison: Comparison): void {
  const surplus = lacking(rows, served);
  comparison.repeated += surplus;
  if (surplus === 0) return;
  example(
    comparison,
    `${String(surplus)} rows of blob ${contentId} are ${blob ? 'there too often, or changed' : 'of a blob that never was'}`,
  );
}

function knownBlob(world: World, contentId: string): Blob | undefined {
  return world.tenants.map((tenant) => world.blob(tenant.tenantId, contentId)).find((blob) => blob !== undefined);
}

function hashesOf(blob: Blob): Counts {
  const counts: Counts = new Map();
  for (const text of blob.records()) addTo(counts, contentHash(text));
  return counts;
}
