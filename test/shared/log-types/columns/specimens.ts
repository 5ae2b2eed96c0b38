import { afterAll, beforeAll, expect } from '@jest/globals';
import { logTypeById } from '../../../../shared/log-types/index.ts';
import { openColumnValues } from '../../landing/engine/column-values.ts';

/** Own records in the shapes Microsoft sends, and some of what must be read from them. */
export interface Specimen {
  readonly name: string;
  readonly logType: string;
  readonly record: object;
  readonly reads: Readonly<Record<string, unknown>>;
}

/** What every record of the Management Activity API has. */
export const common = {
  CreationTime: '2026-11-22T06:05:09',
  Id: '22222222-2222-4222-8222-222222222222',
  OrganizationId: '11111111-1111-4111-8111-111111111111',
  UserType: 0,
  UserKey: '10032000ABCDEF01',
  UserId: 'ada@contoso.example',
  Version: 1,
};

/** A check of one specimen: its record is landed, and read back. */
export function readingColumns(): (specimen: Specimen) => Promise<void> {
  let values: Awaited<ReturnType<typeof openColumnValues>>;
  beforeAll(async () => {
    values = await openColumnValues();
  });
  afterAll(async () => {
    await values.close();
  });
  return async ({ logType, record, reads }) => {
    const row = await values.of(logTypeById(logType).columns, record);
    const wanted = Object.fromEntries(Object.keys(reads).map((column) => [column, row[column]]));
    expect(wanted).toEqual(reads);
  };
}
