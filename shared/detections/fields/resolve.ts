/** From a rule's words to datasets and places. */

import { unknownWord } from '../../domain/nearest.ts';
import { isLogTypeId, logTypeById, logTypesOfDataset, type LogTypeId, type RawDatasetName } from '../../log-types/index.ts';
import { rawDataset } from '../../log-types/raw-dataset.ts';
import type { LogSource } from '../sigma/rule.ts';
import { catalogNames, type CatalogNames } from './catalog-names.ts';
import { sourceOfDataset, sources, type Source } from './field-table.ts';
import { placeOf, type ColumnTypes, type Place } from './place.ts';

/** The logs of a rule: undefined where nothing that we land is meant. */
export function sourceOf({ product, service }: LogSource): Source | undefined {
  const byTable = sources.find(({ logSources }) => logSources.includes([product, service].filter(Boolean).join('/')));
  if (byTable || service === undefined || !isLogTypeId(service) || (product !== 'm365' && product !== 'azure')) return byTable;
  const dataset = logTypeById(service).dataset;
  const others = logTypesOfDataset(dataset).length > 1;
  return {
    fields: {},
    ...sourceOfDataset(dataset),
    logSources: [],
    datasets: [dataset],
    ...(others && { logTypes: [service satisfies LogTypeId] }),
  };
}

/** Where keywords are looked for. */
const wholeRecord: Place = { kind: 'column', column: 'raw', type: 'text' };

/** The places of a field in one dataset; empty where its rows do not have it. */
export function placesIn(source: Source, dataset: RawDatasetName, field: string | undefined): readonly Place[] {
  if (field === undefined) return [wholeRecord];
  const { columns, names } = fieldsOf(dataset);
  const word = field.toLowerCase();
  const short = word.replace(/^properties\./, '');
  const notations = source.fields[word] ?? source.fields[short];
  if (notations) return notations.flatMap((notation) => placeOf(notation, columns) ?? []);
  const own = placeOf(field, columns);
  if (own) return [own];
  const microsofts = names.get(word) ?? names.get(short);
  if (microsofts) return microsofts.flatMap((notation) => placeOf(notation, columns) ?? []);
  return withinPairs(field.replace(/^properties\./i, ''), names, columns);
}

/** `ExtendedProperties.RequestType`: a value by its name, in a list of pairs that a column has as a map. */
function withinPairs(field: string, names: CatalogNames, columns: ColumnTypes): readonly Place[] {
  const dot = field.lastIndexOf('.');
  const place = dot < 0 ? undefined : names.get(`${field.slice(0, dot).toLowerCase()}{}`)?.[0];
  return place === undefined ? [] : [placeOf(`${place}.${field.slice(dot + 1)}`, columns)].flatMap((one) => one ?? []);
}

/** The sentence for a field that no dataset of the source has. */
export function unknownField(source: Source, field: string): string {
  const known = new Set(Object.keys(source.fields));
  for (const dataset of source.datasets) {
    const { columns, names } = fieldsOf(dataset);
    for (const name of [...columns.keys(), ...names.keys()]) known.add(name);
  }
  return `${unknownWord('field', field, [...known])}; a path in the record may be named as 'raw.${field}'`;
}

interface Fields {
  readonly columns: ColumnTypes;
  readonly names: CatalogNames;
}
const fieldsByDataset = new Map<RawDatasetName, Fields>();

function fieldsOf(dataset: RawDatasetName): Fields {
  const known = fieldsByDataset.get(dataset);
  if (known) return known;
  const columns = new Map(rawDataset(dataset).columns.map(({ name, type }) => [name, type]));
  const fields = { columns, names: catalogNames(logTypesOfDataset(dataset)) };
  fieldsByDataset.set(dataset, fields);
  return fields;
}
