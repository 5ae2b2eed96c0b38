/** Indicators of a table: CSV with headings, or one value a line. */

import { unknownWord } from '../../domain/nearest.ts';
import { indicatorTypes, type IndicatorType } from '../sigma/lake-block.ts';
import { addressRange } from './address.ts';
import { indicatorKey } from './keys.ts';
import { refused, timeIn, type ListPiece } from './read-list.ts';

/** What headings mean, by how lists name their columns. */
const headings: Readonly<Record<string, keyof TableColumns>> = {
  ...{
    value: 'value',
    indicator: 'value',
    ioc: 'value',
    ioc_value: 'value',
    observable: 'value',
    ip: 'value',
    url: 'value',
    domain: 'value',
    dst_ip: 'value',
  },
  ...{ type: 'type', indicator_type: 'type', ioc_type: 'type', kind: 'type' },
  ...{ about: 'about', description: 'about', comment: 'about', malware: 'about', threat: 'about', name: 'about' },
  ...{ from: 'from', valid_from: 'from', first_seen: 'from', first_seen_utc: 'from' },
  ...{ until: 'until', valid_until: 'until', expires: 'until', expiration: 'until' },
};

/** In which column of a table something stands. */
export interface TableColumns {
  readonly value: number;
  readonly type?: number;
  readonly about?: number;
  readonly from?: number;
  readonly until?: number;
}

/** The columns that a first row names; undefined where it is a row already. */
export function tableColumns(row: readonly string[]): TableColumns | undefined {
  const columns: Partial<Record<keyof TableColumns, number>> = {};
  row.forEach((heading, index) => {
    const name = headings[heading.trim().toLowerCase().replaceAll(/[ -]/g, '_')];
    if (name !== undefined) columns[name] ??= index;
  });
  const { value } = columns;
  return value === undefined ? undefined : { ...columns, value };
}

/** Of a table without headings. */
export const valueAlone: TableColumns = { value: 0 };

/** The indicator of a row. */
export function tableRow(
  row: readonly string[],
  { value: valueAt, type: typeAt, about: aboutAt, from: fromAt, until: untilAt }: TableColumns,
): ListPiece {
  const value = (row[valueAt] ?? '').trim();
  const cell = (at: number | undefined): string => (at === undefined ? '' : (row[at] ?? '').trim());
  if (value === '') return refused(row.join(','), 'has no value');
  const type = typeNamed(cell(typeAt)) ?? typeOfValue(value);
  if (type === undefined)
    return refused(value, cell(typeAt) === '' ? 'looks like no type of indicator' : unknownWord('type', cell(typeAt), indicatorTypes));
  const [about, from, until] = [cell(aboutAt), timeIn(cell(fromAt)), timeIn(cell(untilAt))];
  if (cell(untilAt) !== '' && until === undefined) return refused(value, `'${cell(untilAt)}' is no time`);
  return {
    kind: 'indicator',
    indicator: { type, value, ...(about !== '' && { about }), ...(from !== undefined && { from }), ...(until !== undefined && { until }) },
  };
}

/** As lists call them. */
const others: Readonly<Record<string, IndicatorType>> = {
  ...{ ipv4: 'ip', ipv6: 'ip', 'ip-address': 'ip', 'ipv4-addr': 'ip', 'ipv6-addr': 'ip', 'ip-src': 'ip', 'ip-dst': 'ip', cidr: 'ip' },
  ...{
    hostname: 'domain',
    host: 'domain',
    'domain-name': 'domain',
    fqdn: 'domain',
    uri: 'url',
    'email-address': 'email',
    'email-addr': 'email',
  },
  ...{ 'sha-256': 'sha256', 'sha256-hash': 'sha256', 'sha-1': 'sha1', 'sha1-hash': 'sha1', 'md5-hash': 'md5', application: 'app-id' },
};

function typeNamed(text: string): IndicatorType | undefined {
  const name = text.toLowerCase().replaceAll(/[_ ]/g, '-');
  return indicatorTypes.find((type) => type === name) ?? others[name];
}

/** Digests by their length, then what reads as an address, a link, a mail address or a domain. */
function typeOfValue(value: string): IndicatorType | undefined {
  const sure = (['sha256', 'sha1', 'md5', 'ip', 'email'] as const).find((type) => indicatorKey(type, value) !== undefined);
  if (sure !== undefined) return sure;
  if (/^(?:https?|hxxps?):/i.test(value) || (value.includes('/') && !addressRange(value)))
    return indicatorKey('url', value) === undefined ? undefined : 'url';
  return indicatorKey('domain', value) === undefined ? undefined : 'domain';
}
