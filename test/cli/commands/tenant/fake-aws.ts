/** As much of AWS as `lake tenant test --aws` and its function need, on one port of this machine. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Deployment } from '../../../../shared/domain/deployment.ts';

export interface FakeAws {
  readonly parameters: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
  /** What STS signs; none: outbound federation is off. */
  readonly assertion?: string | undefined;
  /** What Lambda runs. */
  readonly invoke: (event: unknown) => Promise<unknown>;
}

const deployment: Deployment = {
  tableName: 'table',
  bucketName: 'bucket',
  queueUrls: { enterprise: 'http://127.0.0.1/content', global: 'http://127.0.0.1/windows' },
  tenantsPrefix: '/m365-audit-lake/tenants',
  credentialsPrefix: '/m365-audit-lake/credentials',
  keyArn: 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000',
  credentialsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000001',
  federationRoleArn: 'arn:aws:iam::111122223333:role/m365-audit-lake-federation-us-east-1',
  checkFunction: 'check',
  databaseName: 'database',
  workgroupName: 'workgroup',
  isFedramp: false,
};

/** Sets the environment that AWS clients read, until it is closed. */
export async function startFakeAws(fake: FakeAws): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(request, response, fake));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'an-example-key-of-nobody',
  });
  return {
    close: async () => {
      for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, before);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, fake: FakeAws): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  if (request.url?.includes('/functions/')) await invoke(body, response, fake);
  else if (request.headers['x-amz-target'] === 'AmazonSSM.GetParameter') parameter(body, response, fake);
  else if (request.headers['x-amz-target'] === 'AmazonSSM.GetParameters') parametersOf(body, response, fake);
  else if (request.headers['x-amz-target'] === 'DynamoDB_20120810.PutItem') response.end('{}');
  else if (body.includes('Action=AssumeRole&')) assumed(response);
  else security(new URLSearchParams(body).get('Action') ?? '', response, fake);
}

async function invoke(body: string, response: ServerResponse, { invoke: run }: FakeAws): Promise<void> {
  try {
    response.end(JSON.stringify(await run(JSON.parse(body))));
  } catch (error) {
    const { name, message } = error as Error;
    response.writeHead(200, { 'X-Amz-Function-Error': 'Unhandled' });
    response.end(JSON.stringify({ errorType: name, errorMessage: message }));
  }
}

function parameter(body: string, response: ServerResponse, { parameters }: FakeAws): void {
  const { Name } = JSON.parse(body) as { Name: string };
  const stored = { '/m365-audit-lake/deployment': { type: 'String', value: JSON.stringify(deployment) }, ...parameters }[Name];
  response.writeHead(stored ? 200 : 400, { 'Content-Type': 'application/x-amz-json-1.1' });
  response.end(
    JSON.stringify(
      stored ? { Parameter: { Name, Type: stored.type, Value: stored.value } } : { __type: 'ParameterNotFound', message: Name },
    ),
  );
}

function parametersOf(body: string, response: ServerResponse, { parameters }: FakeAws): void {
  const { Names } = JSON.parse(body) as { Names: string[] };
  const found = Names.flatMap((Name) => {
    const stored = parameters[Name];
    return stored ? [{ Name, Type: stored.type, Value: stored.value }] : [];
  });
  response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify({ Parameters: found, InvalidParameters: Names.filter((name) => !parameters[name]) }));
}

function assumed(response: ServerResponse): void {
  const keys = '<AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>another-key-of-nobody</SecretAccessKey>';
  const session = `<Credentials>${keys}<SessionToken>a-session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`;
  response.writeHead(200, { 'Content-Type': 'text/xml' });
  response.end(
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>${session}</AssumeRoleResult></AssumeRoleResponse>`,
  );
}

/** Taking on a role, and what AWS signs for it. */
function security(action: string, response: ServerResponse, { assertion }: FakeAws): void {
  const isOff = action === 'GetWebIdentityToken' && assertion === undefined;
  const result =
    action === 'AssumeRole'
      ? `<Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>of-nobody</SecretAccessKey><SessionToken>none</SessionToken><Expiration>2026-11-22T13:00:00Z</Expiration></Credentials>`
      : action === 'GetCallerIdentity'
        ? '<Arn>arn:aws:iam::111122223333:user/alice</Arn>'
        : `<WebIdentityToken>${String(assertion)}</WebIdentityToken><Expiration>2026-11-22T12:05:00Z</Expiration>`;
  response.writeHead(isOff ? 400 : 200, { 'Content-Type': 'text/xml' });
  response.end(isOff ? federationIsOff : `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
}

const federationIsOff = `<ErrorResponse><Error><Type>Sender</Type><Code>OutboundWebIdentityFederationDisabledException</Code><Message>Outbound web identity federation is not enabled for this account.</Message></Error></ErrorResponse>`;
