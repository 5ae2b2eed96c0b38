/**
 * Indicators of events that MISP exports as JSON.
 *
 * @see https://www.circl.lu/doc/misp/categories-and-types/ the types of attributes
 */

import { z } from 'zod';
import type { IndicatorType } from '../sigma/lake-block.ts';
import { refused, timeIn, type ListPiece } from './read-list.ts';

const flag = z.union([z.boolean(), z.literal(['0', '1', 0, 1])]).transform((value) => value === true || value === '1' || value === 1);
const attribute = z.looseObject({
  type: z.string(),
  value: z.string(),
  comment: z.string().nullish(),
  to_ids: flag.default(true),
  deleted: flag.default(false),
  first_seen: z.string().nullish(),
});
type MispAttribute = z.output<typeof attribute>;
const attributes = z.array(z.unknown()).default([]);
const event = z.looseObject({
  info: z.string().default(''),
  Attribute: attributes,
  Object: z.array(z.looseObject({ Attribute: attributes })).default([]),
});
const wrapped = z.looseObject({ Event: event });
const forms = z.union([
  wrapped.transform(({ Event }) => [Event]),
  z.looseObject({ response: z.array(wrapped) }).transform(({ response }) => response.map(({ Event }) => Event)),
  z.array(wrapped).transform((events) => events.map(({ Event }) => Event)),
  z.looseObject({ response: z.looseObject({ Attribute: z.array(z.unknown()) }) }).transform(({ response }) => [event.parse(response)]),
]);

/** Whether a file's JSON is an event of MISP, several, or what a search for attributes answers. */
export const isMisp = (json: unknown): boolean => forms.safeParse(json).success;

/** The attributes that are meant for detection (`to_ids`). */
export function readMisp(json: unknown): ListPiece[] {
  return forms.parse(json).flatMap(({ info, Attribute, Object: objects }) => {
    const all = [...Attribute, ...objects.flatMap((object) => object.Attribute)];
    return all.flatMap((one) => {
      const parsed = attribute.safeParse(one);
      return parsed.success ? piecesOf(parsed.data, info) : [refused(JSON.stringify(one), 'is no attribute of MISP')];
    });
  });
}

function piecesOf({ type, value, comment, to_ids: isForDetection, deleted, first_seen: seen }: MispAttribute, info: string): ListPiece[] {
  if (deleted) return [{ kind: 'left-out', why: 'deleted' }];
  if (!isForDetection) return [{ kind: 'left-out', why: 'not meant for detection (to_ids)' }];
  const parts = partsOf(type);
  if (!parts) return [refused(`${type}: ${value}`, `attributes of type '${type}' have nothing that a record has`)];
  const about = [info, comment ?? ''].filter((text) => text !== '').join('; ');
  const from = timeIn(seen);
  const values = value.split('|');
  return parts.map(({ kind, at }) => ({
    kind: 'indicator',
    indicator: { type: kind, value: values[at] ?? '', ...(about !== '' && { about }), ...(from !== undefined && { from }) },
  }));
}

/** What of an attribute is an indicator: `filename|md5` has a digest after the bar. */
function partsOf(type: string): readonly { readonly kind: IndicatorType; readonly at: number }[] | undefined {
  const parts = type.split('|').flatMap((name, at) => (types[name] ? [{ kind: types[name], at }] : []));
  return parts.length > 0 ? parts : undefined;
}

const types: Readonly<Record<string, IndicatorType>> = {
  'ip-src': 'ip',
  'ip-dst': 'ip',
  ip: 'ip',
  domain: 'domain',
  hostname: 'domain',
  url: 'url',
  uri: 'url',
  link: 'url',
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  email: 'email',
  'email-src': 'email',
  'email-dst': 'email',
  'email-reply-to': 'email',
  'user-agent': 'user-agent',
};
