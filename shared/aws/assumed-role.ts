import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';

/** AWS grants a role that a role takes on an hour at most; this is as short as it can be. */
const sessionSeconds = 900;

/**
 * A client that acts as another role, which the caller's own must be allowed to take on. The SDK takes it on again when its time is over.
 *
 * @param settings Of both clients.
 */
export function stsAs(roleArn: string, settings: STSClientConfig, own = new STSClient(settings)): STSClient {
  return new STSClient({ ...settings, credentials: async () => takeOn(roleArn, own) });
}

async function takeOn(RoleArn: string, own: STSClient) {
  const request = { RoleArn, RoleSessionName: 'm365-audit-lake', DurationSeconds: sessionSeconds };
  const { Credentials: given } = await own.send(new AssumeRoleCommand(request));
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Expiration: expiration } = given ?? {};
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined)
    throw new Error(`sts:AssumeRole on ${RoleArn} answered without credentials`);
  return { accessKeyId, secretAccessKey, sessionToken, ...(expiration && { expiration }) };
}
