/** Who may read whose parameters: the policies of the template, evaluated as IAM does. */

import { beforeAll, describe, expect, test } from '@jest/globals';
import { clouds, homes, homesOf, type CloudId, type HomeId } from '../../shared/clouds.ts';
import { configPath, credentialPath, earlierPaths } from '../../shared/aws/tenant-parameters.ts';
import { deploymentNames } from '../../shared/domain/deployment.ts';
import { deploy, everything, type Deployment } from './deployment.ts';
import { flat, isAllowed, type Statement } from './iam.ts';

let whole: Deployment;
beforeAll(() => {
  whole = deploy(everything);
});

const { tenantsPrefix: prefix, credentialsPrefix, webhooksPrefix } = deploymentNames();
const paths = { prefix, credentialsPrefix };
const arn = (path: string): string => `arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter${path}`;

/** Statements by the logical id of a managed policy, or of its role. */
function policies(): Readonly<Record<string, readonly Statement[]>> {
  const found = Object.entries(whole.resources('AWS::IAM::ManagedPolicy'));
  return Object.fromEntries(found.map(([id, { Properties }]) => [id, (Properties.PolicyDocument as { Statement: Statement[] }).Statement]));
}

interface OwnFunction {
  readonly id: string;
  readonly statements: readonly Statement[];
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Every function with what it may do. */
function functions(): OwnFunction[] {
  const all = policies();
  return Object.entries(whole.resources('AWS::Lambda::Function')).map(([id, { Properties }]) => {
    const { Variables } = Properties.Environment as { Variables: Readonly<Record<string, unknown>> };
    const own = Object.entries(all).find(
      ([policy]) => policy.replace(/Policy[0-9A-F]{8}$/, '') === id.replace(/(Function)?[0-9A-F]{8}$/, ''),
    );
    if (!own) throw new Error(`no policy of ${id}`);
    return { id, statements: own[1], variables: Variables };
  });
}

const isReadable = (statements: readonly Statement[], path: string): boolean =>
  ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParameterHistory', 'ssm:GetParametersByPath'].some((action) =>
    isAllowed(statements, action, arn(path)),
  );

/** The homes of which a tenant's parameter can be read. */
const homesRead = (statements: readonly Statement[], of: (home: HomeId) => string): HomeId[] =>
  homes.filter((home) => isReadable(statements, of(home)));

const ofOneCloud = () => functions().filter(({ variables }) => clouds.some(({ id }) => id === variables.CLOUDS));

describe('a function of one cloud', () => {
  test('there is a worker for each cloud, and the lists', () => {
    const workers = ofOneCloud().filter(({ variables }) => variables.LOG_TYPE === undefined);
    expect(workers.map(({ variables }) => variables.CLOUDS).sort()).toEqual(clouds.map(({ id }) => id).sort());
  });

  test('reads the configurations and credentials of that cloud’s tenants, and of no other home', () => {
    for (const { statements, variables } of ofOneCloud()) {
      const own = homesOf(variables.CLOUDS as CloudId);
      expect(homesRead(statements, (home) => configPath(paths, home, 'contoso'))).toEqual(own);
      expect(homesRead(statements, (home) => credentialPath(paths, home, 'contoso'))).toEqual(own);
    }
  });

  test('lists no path above those, by which it would have all that is below, nor one that only begins like its own', () => {
    const above = ['/', '', '/m365-audit-lake', prefix, credentialsPrefix, webhooksPrefix];
    for (const { statements, variables } of ofOneCloud()) {
      const foreign = homes
        .filter((home) => !homesOf(variables.CLOUDS as CloudId).includes(home))
        .flatMap((home) => [`${prefix}/${home}`, `${credentialsPrefix}/${home}`]);
      for (const path of [...above, ...foreign, `${prefix}/gcc-`, earlierPaths(paths, 'contoso').credential])
        expect([path, isReadable(statements, path)]).toEqual([path, false]);
    }
  });

  test('the fetcher of gcc-high reads nothing of an enterprise tenant', () => {
    const fetcher = ofOneCloud().find(({ variables }) => variables.CLOUDS === 'gcc-high' && variables.LOG_TYPE === undefined);
    const statements = fetcher?.statements ?? [];
    expect(isReadable(statements, credentialPath(paths, 'gcc-high', 'contoso'))).toBe(true);
    expect(isReadable(statements, credentialPath(paths, 'enterprise', 'contoso'))).toBe(false);
    expect(isReadable(statements, configPath(paths, 'enterprise', 'contoso'))).toBe(false);
  });

  test('takes jobs of its own cloud alone', () => {
    for (const { statements, variables } of ofOneCloud().filter(({ variables: { LOG_TYPE } }) => LOG_TYPE === undefined)) {
      const taken = statements
        .filter(({ Action }) => [Action].flat().includes('sqs:ReceiveMessage'))
        .flatMap(({ Resource }) => [Resource].flat().map(flat));
      expect(taken).toHaveLength(1);
      expect(flat(variables.QUEUE_URLS)).toBe(`${String(variables.CLOUDS)}=<${String(taken[0]?.slice(1, -'.Arn>'.length))}>`);
    }
  });
});

test('of all other functions the check alone reads tenants, for whom a person names', () => {
  const others = functions().filter((one) => !ofOneCloud().some(({ id }) => id === one.id));
  const reading = others.filter(({ statements }) => homesRead(statements, (home) => credentialPath(paths, home, 'contoso')).length > 0);
  expect(reading.map(({ id }) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(['CheckTenantFunction']);
});

describe('people', () => {
  const statementsOf = (name: string): readonly Statement[] => Object.entries(policies()).find(([id]) => id.startsWith(name))?.[1] ?? [];

  test('operators write credentials and read configurations alone', () => {
    const statements = statementsOf('Operators');
    for (const home of homes) {
      expect(isReadable(statements, configPath(paths, home, 'contoso'))).toBe(true);
      expect(isReadable(statements, credentialPath(paths, home, 'contoso'))).toBe(false);
      expect(isAllowed(statements, 'ssm:PutParameter', arn(credentialPath(paths, home, 'contoso')))).toBe(true);
    }
    for (const path of ['/', '', '/m365-audit-lake', credentialsPrefix, `${webhooksPrefix}/soc`])
      expect([path, isReadable(statements, path)]).toEqual([path, false]);
  });

  test('operators have no key that opens a credential, and write no row of the ledger but who did what', () => {
    const statements = statementsOf('Operators') as readonly (Statement & { readonly Condition?: unknown })[];
    const decrypting = statements.filter(({ Action }) => [Action].flat().includes('kms:Decrypt'));
    expect(decrypting.map(({ Resource }) => flat(Resource))).toEqual([expect.stringMatching(/^<EncryptionKey/)]);
    expect(JSON.stringify(decrypting)).toContain('dynamodb.');
    const writing = statements.filter(({ Action }) =>
      [Action].flat().some((action) => /^dynamodb:(?:Put|Update|Delete|Batch(?:Write))/.test(action)),
    );
    expect(writing.map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['audit#tenants'] } },
    ]);
  });

  test('analysts read no parameter at all', () => {
    const statements = statementsOf('Analysts');
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.startsWith('ssm:'))).toEqual([]);
  });
});

test('how IAM compares: Deny wins, and an asterisk goes over slashes', () => {
  const allow: Statement = { Effect: 'Allow', Action: 'ssm:Get*', Resource: ['a/*'] };
  expect(isAllowed([allow], 'ssm:GetParameter', 'a/b/c')).toBe(true);
  expect(isAllowed([allow], 'ssm:GetParameter', 'a')).toBe(false);
  expect(isAllowed([allow], 'ssm:PutParameter', 'a/b')).toBe(false);
  expect(isAllowed([allow, { Effect: 'Deny', Action: '*', Resource: 'a/b' }], 'ssm:GetParameter', 'a/b')).toBe(false);
});
