/** How a record is known to be of a log type, whoever kept it: by its own words, not by the request that fetched it. */

/** What a field has to be: one of these values, anything at all, or nothing. Of a list any element will do. */
type Expected = 'anything' | 'nothing' | readonly (string | number | boolean)[];

/** Fields that records of one log type have in common, all of them. A dot leads into an object: `status.errorCode`. */
export type Shape = Readonly<Record<string, Expected>>;

/** One log type's signs. What is not declared decides nothing. */
export interface Recognition {
  /** Where the record's id and its times are. What has neither is never a record of this log type. */
  readonly id: readonly string[];
  readonly times: readonly string[];
  /** The field that names the tenant by Microsoft's GUID, where records have one. */
  readonly organization: string;
  /** What others call this log type, in any case: categories of Azure Monitor, tables of Log Analytics. The surest sign. */
  readonly elsewhere?: readonly string[];
  /** Numbers of `RecordType`, asked next. */
  readonly recordTypes?: readonly number[];
  /** Values of `Workload`, for record types that no log type claims. */
  readonly workloads?: readonly string[];
  /** What its records look like; any one will do. */
  readonly shapes?: readonly Shape[];
  /** Its shapes are those of records that no other log type knows: asked last. */
  readonly isRest?: true;
}

/** A JSON object that may be a record. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Log types as far as recognizing goes, in the order in which they are asked. */
export interface Recognizable {
  readonly recognize: Recognition;
}

/**
 * The log type that a record is of; undefined when none knows it, or when it has neither id nor time.
 *
 * Signs are asked from the surest to the vaguest, each of all log types: among log types with the same sign the first one wins.
 *
 * @param elsewhere What the record's keeper calls its kind, such as the category of Azure Monitor.
 */
export function recognize<T extends Recognizable>(logTypes: readonly T[], record: JsonObject, elsewhere?: string): T | undefined {
  const candidates = logTypes.filter((logType) => hasIdOrTime(record, logType.recognize));
  for (const isSign of signs) {
    const found = candidates.find((logType) => isSign(logType.recognize, record, elsewhere?.toLowerCase()));
    if (found) return found;
  }
  return undefined;
}

/** Whether anything distinguishes the record from others: its id, or its time. */
export function hasIdOrTime(record: JsonObject, { id, times }: Recognition): boolean {
  return [...id, ...times].some((name) => hasValue(record[name]));
}

/** The tenant as the record names it, in lower case; undefined for none, or where it is no GUID or all zeros. */
export function organizationOf(record: JsonObject, { organization }: Recognition): string | undefined {
  return asOrganization(record[organization]);
}

/** A GUID that names a tenant, in lower case; undefined for anything else and for zeros, which Microsoft writes for nobody. */
export function asOrganization(value: unknown): string | undefined {
  if (typeof value !== 'string' || !guidPattern.test(value) || /^[0-]+$/.test(value)) return undefined;
  return value.toLowerCase();
}

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Sign = (recognition: Recognition, record: JsonObject, elsewhere: string | undefined) => boolean;

const hasShape: Sign = ({ shapes = [] }, record) => shapes.some((shape) => fits(record, shape));

const signs: readonly Sign[] = [
  ({ elsewhere = [] }, _record, name) => name !== undefined && elsewhere.some((known) => known.toLowerCase() === name),
  ({ recordTypes = [] }, { RecordType }) => recordTypes.some((number) => number === RecordType || String(number) === RecordType),
  ({ workloads = [] }, { Workload }) => typeof Workload === 'string' && workloads.includes(Workload),
  (recognition, record, name) => recognition.isRest !== true && hasShape(recognition, record, name),
  hasShape,
];

function fits(record: JsonObject, shape: Shape): boolean {
  return Object.entries(shape).every(([path, expected]) => {
    const value = valueAt(record, path);
    if (expected === 'nothing') return !hasValue(value);
    if (expected === 'anything') return hasValue(value);
    return (Array.isArray(value) ? value : [value]).some((one) => expected.some((known) => known === one));
  });
}

function valueAt(record: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), record);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const hasValue = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
