/** An OCSF class as a normalized dataset. */

import type { LogTypeId } from '../../log-types/index.ts';
import type { NormalizedColumn, NormalizedDataset } from '../normalized-dataset.ts';
import { baseEvent, lakeColumns, type OcsfClass } from './base-event.ts';
import { choiceSql, isOfClass, logTypesOf } from './class-choice.ts';
import type { Field, Fields } from './fields.ts';

/** A class of OCSF with the attributes that are derived for it. */
export interface OcsfDataset<Name extends string = string> extends OcsfClass {
  readonly dataset: Name;
  readonly meaning: string;
  /** The class's own attributes for one log type, and those of the base event that it knows better. Every log type gives the same ones. */
  readonly own: (logTypeId: LogTypeId) => Fields;
  /** One line for people, and an example, of each attribute of its own. */
  readonly meanings: Readonly<Record<string, readonly [meaning: string, example: string]>>;
}

/**
 * The normalized dataset of a class.
 *
 * @throws When an attribute has no meaning, or when a log type of the class lacks one that another has: a bug of the mapping.
 */
export function ocsfDataset<const Name extends string>(ocsf: OcsfDataset<Name>): NormalizedDataset<Name> {
  const logTypes = logTypesOf(ocsf.uid);
  const fields = new Map(logTypes.map((id) => [id, { ...baseEvent(ocsf, id), ...ocsf.own(id) }]));
  const [first = {}] = fields.values();
  const attributes = Object.entries(first).map(([name, { type }]): [string, NormalizedColumn] => {
    const described = ocsf.meanings[name] ?? baseAttributes[name];
    if (!described) throw new Error(`attribute '${name}' of ${ocsf.dataset} has no meaning`);
    const sql = Object.fromEntries(logTypes.map((id) => [id, fieldOf(fields.get(id), name, ocsf.dataset).sql]));
    return [
      name,
      {
        type,
        meaning: described[0],
        example: described[1] === '' ? exampleOf(ocsf, name) : described[1],
        sql,
        ...sourceOf(Object.values(sql)),
      },
    ];
  });
  return {
    name: ocsf.dataset,
    vendor: 'ocsf',
    product: ocsf.name,
    meaning: ocsf.meaning,
    logTypes,
    given: { ocsf_choice: Object.fromEntries(logTypes.map((id) => [id, choiceSql(id)])) },
    where: `${isOfClass(ocsf.uid)} AND event_time IS NOT NULL`,
    columns: { ...lakeColumns, ...Object.fromEntries(attributes) },
  };
}

/** People are shown short SQL as it is; for the rest see the page about the mapping. */
function sourceOf(sql: readonly string[]): { readonly source?: string } {
  const isShort = new Set(sql).size === 1 && sql.every((one) => one.length <= 40);
  return isShort ? {} : { source: 'see docs/ocsf.md' };
}

function fieldOf(fields: Fields | undefined, name: string, dataset: string): Field {
  const field = fields?.[name];
  if (!field) throw new Error(`attribute '${name}' of ${dataset} is missing for a log type`);
  return field;
}

function exampleOf({ uid, name, categoryUid, categoryName, activities }: OcsfClass, attribute: string): string {
  const [id = '0', caption = 'Unknown'] = Object.entries(activities).find(([key]) => key !== '0') ?? [];
  const examples: Readonly<Record<string, string>> = {
    class_uid: String(uid),
    class_name: name,
    category_uid: String(categoryUid),
    category_name: categoryName,
    activity_id: id,
    activity_name: caption,
    type_uid: String(uid * 100 + Number(id)),
    type_name: `${name}: ${caption}`,
  };
  return examples[attribute] ?? '';
}

const baseAttributes: Readonly<Record<string, readonly [meaning: string, example: string]>> = {
  class_uid: ['OCSF class', ''],
  class_name: ['Its name', ''],
  category_uid: ['OCSF category', ''],
  category_name: ['Its name', ''],
  activity_id: ['What was done, as a number of the class', ''],
  activity_name: ['What was done', ''],
  type_uid: ['class_uid * 100 + activity_id', ''],
  type_name: ['Class and activity', ''],
  time: ['When it happened, in milliseconds since 1970 (UTC)', '1795338843000'],
  severity_id: ['1 informational; findings: 2 low, 3 medium, 4 high, 0 unknown', '1'],
  severity: ['The same as a word', 'Informational'],
  status_id: ['0 unknown, 1 success, 2 failure', '1'],
  status: ['The same as a word', 'Success'],
  status_code: ['Result as the service words it', 'Succeeded'],
  status_detail: ['Why it failed, in words', 'Invalid username or password.'],
  message: ["Microsoft's name of the activity", 'FileDownloaded'],
  metadata: [
    'Id of the record, product, log, tenant, and when it was landed',
    '{"uid": "0a6f3c52-2f4e-4b7d-9a51-08de2a1b7c11", "version": "1.8.0", "product": {"name": "SharePoint Online", "vendor_name": "Microsoft"}}',
  ],
  cloud: [
    "Microsoft's cloud and the tenant",
    '{"provider": "Microsoft", "org": {"uid": "5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31", "name": "contoso"}}',
  ],
  actor: ['Who did it, with which application, in which session', '{"user": {"name": "megan@contoso.example"}, "app_name": "Teams"}'],
  user: ['The user, service principal or account', '{"name": "megan@contoso.example", "type_id": 1}'],
  src_endpoint: ['Where it was done from', '{"ip": "203.0.113.24", "port": 51844}'],
  http_request: ['Client as it names itself', '{"user_agent": "Mozilla/5.0"}'],
  device: ['Device it was done on', '{"uid": "2c8a4f5e-9b1d-4b3a-8f0e-7d6c5b4a3921", "hostname": "LAPTOP-7C21", "type_id": 0}'],
  observables: [
    'Values that people look for',
    '[{"name": "src_endpoint.ip", "type_id": 2, "type": "IP Address", "value": "203.0.113.24"}]',
  ],
  unmapped: ['What has no place in the class, by the names of the raw columns', '{"conditional_access_status": "success"}'],
};
