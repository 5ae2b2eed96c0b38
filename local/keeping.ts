/** What a lake folder keeps, and for how long: `keeping.json` in the folder, and what its tenants say of themselves. */

import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cutoffsOf, daysKeptFault, keepingFields, type Cutoffs, type Keeping, type TenantKeeping } from '../shared/domain/keeping.ts';
import { unknownWord } from '../shared/domain/nearest.ts';
import type { Instant } from '../shared/domain/window.ts';
import { keepingOf } from '../shared/tenant-config.ts';
import { UsageError } from './exit.ts';
import { fileText } from './text-encoding.ts';

const fileOf = (lake: string): string => join(lake, 'keeping.json');

/** The lake's own settings; everything is kept where nothing is set. @throws UsageError for a file that does not say what is meant. */
export async function readKeeping(lake: string): Promise<Keeping> {
  const file = fileOf(lake);
  if (!existsSync(file)) return {};
  const json = await readJson(file);
  if (!isObject(json)) throw new UsageError(`'${file}' is no JSON object; write { "rawDays": 60, "compactedDays": 400 }, or delete it`);
  const unknown = Object.keys(json).find((key) => !keepingFields.some((field) => field === key));
  if (unknown !== undefined) throw new UsageError(`'${file}': ${unknownWord('key', unknown, keepingFields)}`);
  const faults = keepingFields.flatMap((field) => {
    const fault = json[field] === undefined ? undefined : daysKeptFault(json[field]);
    return fault === undefined ? [] : [`${field}: ${fault}`];
  });
  if (faults.length > 0) throw new UsageError(`'${file}': ${faults.join('; ')}`);
  return json;
}

/** Writes the lake's own settings, whole. */
export async function writeKeeping(lake: string, keeping: Keeping): Promise<void> {
  const draft = `${fileOf(lake)}.new`;
  await writeFile(draft, `${JSON.stringify(keeping, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, fileOf(lake));
}

/** What the tenants of a file say of themselves, by name, the disabled ones included. @throws UsageError when it cannot be read. */
export async function tenantsKeeping(tenantsFile: string): Promise<ReadonlyMap<string, TenantKeeping>> {
  const json = await readJson(tenantsFile);
  if (!isObject(json)) throw new UsageError(`the tenants file '${tenantsFile}' is no JSON object`);
  return new Map(Object.entries(json).map(([name, config]) => [name, keepingOf(config)]));
}

/** The first dates that a lake keeps now. */
export async function lakeCutoffs(
  lake: string,
  tenants: ReadonlyMap<string, TenantKeeping>,
  now: Instant,
): Promise<{ readonly raw: Cutoffs; readonly compacted: Cutoffs }> {
  const usual = await readKeeping(lake);
  return { raw: cutoffsOf('rawDays', usual, tenants, now), compacted: cutoffsOf('compactedDays', usual, tenants, now) };
}

async function readJson(file: string): Promise<unknown> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new UsageError(`'${file}' cannot be read: name another file, or see that this user may read it`, { cause: error });
  });
  try {
    return JSON.parse(fileText(bytes) ?? '');
  } catch {
    // Without the parser's words, which quote what stands there.
    throw new UsageError(`'${file}' is no JSON: look for a comma, quote or bracket`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
