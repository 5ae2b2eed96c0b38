import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cloudById, cloudIdsOf, homes, homesOf } from '../../shared/clouds.ts';
import { homeOf, asEnabled, parseTenantConfig, tenantWarnings } from '../../shared/tenant-config.ts';

const guid = '66666666-7777-8888-9999-AAAAAAAAAAAA';
const contoso = {
  enabled: true,
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: guid,
  credential: { kind: 'secret' },
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-azure-active-directory', 'audit-exchange', 'dlp-all'] },
  graph: { cloud: 'global', logTypes: ['sign-ins-interactive', 'directory-audits', 'alerts'] },
};
const parse = (changes: object, name = 'contoso') => parseTenantConfig(name, { ...contoso, ...changes });
const faults = (changes: object, name?: string) => {
  const config = parse(changes, name);
  return config.kind === 'broken' ? config.faults : config.kind;
};

describe('a good configuration', () => {
  test('becomes a tenant', () => {
    expect(parse({ publisherId: guid, collectFrom: '2026-11-20T00:00:00Z' })).toEqual({
      kind: 'tenant',
      tenant: {
        name: 'contoso',
        tenantDomain: 'contoso.onmicrosoft.com',
        clientId: guid.toLowerCase(),
        credentialKind: 'secret',
        managementActivity: contoso.managementActivity,
        graph: contoso.graph,
        publisherId: guid.toLowerCase(),
        collectFrom: Date.parse('2026-11-20T00:00:00Z'),
      },
    });
  });

  test.each([
    { name: 'one API only', changes: { graph: undefined } },
    { name: 'an API of which nothing is chosen', changes: { graph: { cloud: 'global', logTypes: [] } } },
  ])('may have $name', ({ changes }) => {
    const config = parse(changes);
    expect(config.kind === 'tenant' ? config.tenant : config).not.toHaveProperty('graph');
  });

  test('may name the tenant by its GUID, and leave enabled out', () => {
    expect(parse({ tenantDomain: guid, enabled: undefined })).toMatchObject({
      kind: 'tenant',
      tenant: { tenantDomain: guid.toLowerCase() },
    });
  });

  test('that is switched off is not looked at any further', () => {
    expect(parseTenantConfig('contoso', { enabled: false, rubbish: 1 })).toEqual({ kind: 'disabled', name: 'contoso' });
  });
});

test.each([
  { name: 'an unknown key', changes: { tenantDomian: 'x' }, fault: /^unknown key 'tenantDomian'; did you mean 'tenantDomain'\?/ },
  {
    name: 'an unknown key further down',
    changes: { graph: { ...contoso.graph, logtypes: [] } },
    fault: /^graph: unknown key 'logtypes'; did you mean 'logTypes'\?/,
  },
  { name: 'a missing clientId', changes: { clientId: undefined }, fault: /^clientId: is missing$/ },
  { name: 'a clientId in braces', changes: { clientId: `{${guid}}` }, fault: /^clientId: '\{.*' is not a GUID; write it without braces/ },
  { name: 'a clientId that is a number', changes: { clientId: 5 }, fault: /^clientId: is not of type string$/ },
  {
    name: 'a domain with scheme',
    changes: { tenantDomain: 'https://contoso.example' },
    fault: /^tenantDomain: 'https:.* without scheme, slash or braces/,
  },
  { name: 'a domain with slash', changes: { tenantDomain: 'contoso.example/' }, fault: /^tenantDomain: / },
  { name: 'a domain without dot', changes: { tenantDomain: 'common' }, fault: /^tenantDomain: / },
  { name: 'a tenant GUID in braces', changes: { tenantDomain: `{${guid}}` }, fault: /^tenantDomain: / },
  {
    name: 'an unknown credential kind',
    changes: { credential: { kind: 'secrets' } },
    fault: /^credential\.kind: unknown credential kind 'secrets'; did you mean 'secret'\?/,
  },
  {
    name: 'no credential kind',
    changes: { credential: {} },
    fault: /^credential\.kind: is missing; known are secret, certificate, federated$/,
  },
  {
    name: 'a secret in the configuration',
    changes: { credential: { kind: 'secret', secret: 'x' } },
    fault: /^credential: unknown key 'secret'/,
  },
  {
    name: 'an unknown cloud',
    changes: { graph: { ...contoso.graph, cloud: 'globall' } },
    fault: /^graph\.cloud: unknown cloud of graph 'globall'; did you mean 'global'\?/,
  },
  {
    name: "the other API's cloud",
    changes: { graph: { ...contoso.graph, cloud: 'gcc' } },
    fault: /^graph\.cloud: cloud 'gcc' belongs to managementActivity; here are global/,
  },
  { name: 'no cloud', changes: { graph: { logTypes: ['alerts'] } }, fault: /^graph\.cloud: is missing or not text; known are global/ },
  {
    name: 'an unknown log type',
    changes: { graph: { cloud: 'global', logTypes: ['alerts', 'sign-in-interactive'] } },
    fault: /^graph\.logTypes\.1: unknown log type 'sign-in-interactive'; did you mean 'sign-ins-interactive'\?/,
  },
  {
    name: "the other API's log type",
    changes: { graph: { cloud: 'global', logTypes: ['audit-general'] } },
    fault: /^graph\.logTypes\.0: log type 'audit-general' belongs under managementActivity\.logTypes/,
  },
  {
    name: 'emails',
    changes: { managementActivity: { cloud: 'gcc', logTypes: ['emails'] } },
    fault: /^managementActivity\.logTypes\.0: .*dedicated mail collector/,
  },
  {
    name: 'a log type twice',
    changes: { graph: { cloud: 'global', logTypes: ['alerts', 'alerts'] } },
    fault: /^graph\.logTypes\.1: 'alerts' is listed twice/,
  },
  {
    name: 'log types that are no list',
    changes: { graph: { cloud: 'global', logTypes: 'alerts' } },
    fault: /^graph\.logTypes: is not a list$/,
  },
  {
    name: 'no log type',
    changes: { graph: undefined, managementActivity: undefined },
    fault: /^no log type is chosen; choose at least one/,
  },
  { name: 'a publisher that is no GUID', changes: { publisherId: 'contoso' }, fault: /^publisherId: 'contoso' is not a GUID/ },
  {
    name: 'an API of sign-ins that is not known',
    changes: { graph: { cloud: 'global', logTypes: ['sign-ins-interactive'], signInsApi: 'betta' } },
    fault: /^graph\.signInsApi: .*'betta'; did you mean 'beta'\?/,
  },
  {
    name: 'an API of sign-ins where there are no sign-ins',
    changes: { managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'], signInsApi: 'beta' } },
    fault: /^managementActivity\.signInsApi: belongs under graph$/,
  },
  { name: 'a time without zone', changes: { collectFrom: '2026-11-20T00:00:00' }, fault: /^collectFrom: .* write UTC with a Z/ },
  { name: 'a date', changes: { collectFrom: '2026-11-20' }, fault: /^collectFrom: / },
  { name: 'a day that does not exist', changes: { collectFrom: '2026-13-40T00:00:00Z' }, fault: /^collectFrom: / },
  { name: 'enabled as text', changes: { enabled: 'yes' }, fault: /^enabled: is not of type boolean$/ },
])('$name is a fault with its path', ({ changes, fault }) => {
  expect(faults(changes)).toEqual([expect.stringMatching(fault)]);
});

test.each(['', '../x', 'a/b', 'a b', '-a', 'x'.repeat(64), 'a#b', 'ä'])("the name '%s' is refused", (name) => {
  expect(faults({}, name)).toEqual([expect.stringContaining('cannot be part of a path')]);
});

test('every fault is named at once', () => {
  const found = faults(
    { clientId: 'x', publisherId: 'y', extra: 1, graph: { cloud: 'gcc', logTypes: ['emails', 'audit-general'] } },
    'a/b',
  );
  expect(found).toHaveLength(7);
});

test.each([undefined, null, 5, 'text', []])('%p is a broken configuration', (json) => {
  expect(parseTenantConfig('contoso', json).kind).toBe('broken');
});

test('in a FedRAMP deployment sign-in logs are refused with those words', () => {
  const config = parseTenantConfig('contoso', contoso, { isFedramp: true });
  expect(config.kind === 'broken' ? config.faults : config.kind).toEqual([
    expect.stringMatching(/^graph\.logTypes\.0: log type 'sign-ins-interactive' is not offered in a FedRAMP deployment/),
  ]);
});

describe('warnings', () => {
  const warnings = (management: string[], graph: string[]) => {
    const config = parse({
      managementActivity: { cloud: 'enterprise', logTypes: management },
      graph: { cloud: 'global', logTypes: graph },
    });
    return config.kind === 'tenant' ? tenantWarnings(config.tenant) : config;
  };

  test('are none for what most choose', () => {
    expect(warnings(['audit-exchange', 'audit-general'], ['sign-ins-interactive', 'directory-audits', 'alerts'])).toEqual([]);
  });

  test.each(['sign-ins-non-interactive', 'sign-ins-service-principal', 'sign-ins-managed-identity'])(
    'name %s as what is in beta only, and moves interactive sign-ins there as well',
    (id) => {
      expect(warnings([], ['sign-ins-interactive', id])).toEqual([
        expect.stringMatching(`^${id}: Microsoft has it in its beta API only .*/beta/auditLogs/signIns`),
        expect.stringMatching(`^sign-ins-interactive: read from Microsoft's beta API .* because ${id} is chosen`),
      ]);
    },
  );

  test('name interactive sign-ins that the tenant wants from beta', () => {
    const config = parse({ graph: { cloud: 'global', logTypes: ['sign-ins-interactive'], signInsApi: 'beta' } });
    expect(config.kind === 'tenant' ? tenantWarnings(config.tenant) : config).toContainEqual(
      "sign-ins-interactive: read from Microsoft's beta API (/beta/auditLogs/signIns), because signInsApi is beta",
    );
  });

  test('name sign-ins that are collected twice', () => {
    expect(warnings(['audit-azure-active-directory'], ['sign-ins-interactive'])).toEqual([
      expect.stringMatching('^audit-azure-active-directory: .*twice'),
    ]);
  });

  test("repeat a log type's own", () => {
    expect(warnings([], ['alerts-legacy'])).toEqual([expect.stringMatching('^alerts-legacy: .*retired')]);
  });
});

describe('what waits for its test', () => {
  const waiting = { graph: { cloud: 'global', logTypes: ['alerts'], waiting: ['directory-audits'] } };
  test('is not collected', () => {
    const config = parse(waiting);
    expect(config.kind === 'tenant' && config.tenant.graph).toEqual({ cloud: 'global', logTypes: ['alerts'] });
  });

  test('is looked at as if it were, for that test', () => {
    const config = parseTenantConfig('contoso', asEnabled({ ...contoso, enabled: false, ...waiting }));
    expect(config.kind === 'tenant' && config.tenant.graph?.logTypes).toEqual(['alerts', 'directory-audits']);
  });

  test('is checked like everything else', () => {
    expect(faults({ graph: { cloud: 'global', logTypes: ['alerts'], waiting: ['alerts', 'sign-in-interactive'] } })).toEqual([
      expect.stringMatching(/^graph\.waiting\.1: unknown log type/),
      expect.stringMatching(/^graph\.waiting\.0: 'alerts' is listed twice/),
    ]);
  });

  test('is all there is: then nothing is chosen', () => {
    const nothing = {
      managementActivity: { cloud: 'enterprise', logTypes: [] },
      graph: { cloud: 'global', logTypes: [], waiting: ['alerts'] },
    };
    expect(faults(nothing)).toEqual([expect.stringMatching(/^no log type is chosen/)]);
  });
});

describe('clouds of both APIs', () => {
  const inClouds = (management: string, graph: string) =>
    faults({ managementActivity: { ...contoso.managementActivity, cloud: management }, graph: { ...contoso.graph, cloud: graph } });

  test.each([
    ['enterprise', 'global'],
    ['gcc', 'global'],
    ['gcc-high', 'us-gov-l4'],
    ['dod', 'us-gov-l5'],
  ])('%s goes with %s', (management, graph) => {
    expect(inClouds(management, graph)).toBe('tenant');
  });

  test.each([
    ['enterprise', 'us-gov-l4'],
    ['gcc-high', 'global'],
    ['gcc-high', 'us-gov-l5'],
    ['dod', 'us-gov-l4'],
  ])('%s does not go with %s: a tenant is in one cloud of each API, and they belong together', (management, graph) => {
    expect(inClouds(management, graph)).toEqual([
      expect.stringMatching(
        `^graph\\.cloud: cloud '${graph}' has no tenant of managementActivity.cloud '${management}'; with that one goes `,
      ),
    ]);
  });
});

describe('a tenant is at home', () => {
  const at = (managementActivity?: string, graph?: string) =>
    homeOf({ ...(managementActivity && { managementActivity: { cloud: managementActivity } }), ...(graph && { graph: { cloud: graph } }) });

  test.each([
    { management: 'enterprise', graph: 'global', home: 'enterprise' },
    { management: 'gcc', graph: 'global', home: 'gcc' },
    { management: 'gcc-high', home: 'gcc-high' },
    { graph: 'global', home: 'enterprise' },
    { graph: 'us-gov-l4', home: 'gcc-high' },
    { graph: 'us-gov-l5', home: 'dod' },
    // Nothing is chosen of the first, or the configuration were refused.
    { management: 'enterprise', graph: 'us-gov-l4', home: 'gcc-high' },
    { management: 'mars', home: undefined },
    { home: undefined },
  ])('$management and $graph: $home', ({ management, graph, home }) => {
    expect(at(management, graph)).toBe(home);
  });

  test.each([undefined, null, [], 'contoso', { managementActivity: 'gcc' }, { graph: null }])('nowhere: %j', (json) => {
    expect(homeOf(json)).toBeUndefined();
  });

  test('where the functions of both its clouds read', () => {
    for (const home of homes)
      for (const graph of cloudIdsOf('graph').filter((id) => cloudById(home).pairedWith.some((paired) => paired === id))) {
        expect(at(home, graph)).toBe(home);
        expect(homesOf(home)).toEqual([home]);
        expect(homesOf(graph)).toContain(home);
      }
  });
});

test('whatever comes in, a tenant or words come out', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.oneof(
        fc.jsonValue(),
        fc.jsonValue().map((value) => ({ ...contoso, graph: value, extra: value })),
      ),
      (name, json) => {
        const config = parseTenantConfig(name, json);
        if (config.kind === 'broken') expect(config.faults.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 500 },
  );
});
