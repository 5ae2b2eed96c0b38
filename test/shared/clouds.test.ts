import { describe, expect, test } from '@jest/globals';
import { clouds, pairedCloud, type ApiId } from '../../shared/clouds.ts';

describe('the cloud of the other API', () => {
  test.each<{ api: ApiId; of: string; is: string }>([
    { api: 'graph', of: 'enterprise', is: 'global' },
    { api: 'graph', of: 'gcc', is: 'global' },
    { api: 'graph', of: 'gcc-high', is: 'us-gov-l4' },
    { api: 'graph', of: 'dod', is: 'us-gov-l5' },
    { api: 'management-activity', of: 'global', is: 'enterprise' },
    { api: 'management-activity', of: 'us-gov-l4', is: 'gcc-high' },
    { api: 'management-activity', of: 'us-gov-l5', is: 'dod' },
    { api: 'graph', of: 'global', is: 'global' },
  ])('$api goes with $of in $is', ({ api, of, is }) => {
    expect(pairedCloud(api, of)).toBe(is);
  });

  test.each<{ api: ApiId }>([{ api: 'management-activity' }, { api: 'graph' }])(
    'of $api is never guessed for an unknown cloud',
    ({ api }) => {
      expect(() => pairedCloud(api, 'china')).toThrow("unknown cloud 'china'");
    },
  );

  test('is paired both ways, and in the same Entra', () => {
    for (const cloud of clouds)
      for (const other of cloud.pairedWith.map((id) => clouds.find((one) => one.id === id))) {
        expect({ cloud: cloud.id, pairedWith: other?.pairedWith }).toEqual({
          cloud: cloud.id,
          pairedWith: expect.arrayContaining([cloud.id]),
        });
        expect(other?.authority).toBe(cloud.authority);
        expect(other?.api).not.toBe(cloud.api);
      }
  });
});
