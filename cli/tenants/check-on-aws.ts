import { InvokeCommand, LambdaClient, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { Checked } from '../../lambdas/check/checked-tenant.ts';
import type { CheckEvent } from '../../lambdas/check/handler.ts';
import { clouds, type CloudId } from '../../shared/clouds.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { minutes, seconds } from '../../shared/domain/window.ts';
import { redact } from '../../shared/redact.ts';
import { BadAnswer, UsageError } from '../../local/exit.ts';

/** Has the deployed function check: what it finds is what the functions that collect would find. */
export async function checkOnAws(name: string, logTypeIds: readonly string[], { checkFunction }: Deployment): Promise<Checked> {
  const event: CheckEvent = { tenant: name, logTypes: [...logTypeIds] };
  const answer = await invoke(checkFunction, event);
  const json = parsedJson(Buffer.from(answer.Payload ?? []).toString('utf8'));
  if (answer.FunctionError !== undefined) throw new BadAnswer(`the check function ${checkFunction} failed: ${errorMessage(json)}`);
  const checked = checkedJson.safeParse(json);
  if (checked.success) return checked.data;
  throw new UsageError(`the check function ${checkFunction} is not of this version of m365-audit-lake; run npx cdk deploy again`);
}

/** Longer than the function may take. */
const requestTimeout = minutes(4);

async function invoke(functionName: string, event: CheckEvent): Promise<InvokeCommandOutput> {
  // Sent once: a check that was cut off is not running twice.
  const client = new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: seconds(5), requestTimeout } });
  try {
    return await client.send(new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(event)) }));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    throw new UsageError(
      `the check function ${functionName} cannot be called (${name}: ${message}); the caller needs lambda:InvokeFunction on it`,
      { cause: error },
    );
  } finally {
    client.destroy();
  }
}

const problem = z.object({ code: z.string(), message: z.string(), cure: z.string(), needs: z.enum(['time', 'person']) });

const checkedLogType = z.object({
  logType: z.string(),
  cloud: z.custom<CloudId>((id) => clouds.some((cloud) => cloud.id === id)),
  isReached: z.boolean().exactOptional(),
  isAllowed: z.boolean().exactOptional(),
  isLicensed: z.boolean().exactOptional(),
  isAuditing: z.boolean().exactOptional(),
  subscription: z.enum(['enabled', 'disabled', 'none']).exactOptional(),
  newest: z.number().exactOptional(),
  problem: problem.exactOptional(),
  warnings: z.array(z.string()),
});

/** What {@link Checked} is as JSON. */
const checkedJson = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('checked'),
    tenant: z.object({
      name: z.string(),
      checkedAt: z.number(),
      tenantId: z.string().exactOptional(),
      logTypes: z.array(checkedLogType),
    }),
  }),
  z.object({ kind: z.literal('broken'), name: z.string(), faults: z.array(z.string()) }),
  z.object({ kind: z.literal('not-chosen'), name: z.string(), logType: z.string(), chosen: z.array(z.string()) }),
  z.object({ kind: z.literal('unknown'), name: z.string() }),
]) satisfies z.ZodType<Checked>;

function errorMessage(json: unknown): string {
  const { errorType = 'Error', errorMessage: message = 'no message' } =
    z.object({ errorType: z.string().optional(), errorMessage: z.string().optional() }).safeParse(json).data ?? {};
  return String(redact({ line: `${errorType}: ${message}` }).line);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // fails the schema
  }
}
