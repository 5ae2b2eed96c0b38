import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Clock } from '../../shared/ports/clock.ts';
import { queryItems } from '../../shared/aws/table.ts';
import { UsageError } from '../../local/exit.ts';
import type { AuditRow, TenantAudit } from '../tenants/tenant-audit.ts';

const pk = 'audit#tenants';

/** Rows in the ledger's table, which no other command deletes. */
export function auditInTable(tableName: string, clock: Clock, client = new DynamoDBClient({})): TenantAudit {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    write: async (row) => {
      const Item = { pk, sk: `${row.at}#${row.tenant}#${row.action}${row.failed === undefined ? '' : '#failed'}`, ...row };
      await documents.send(new PutCommand({ TableName: tableName, Item })).catch((error: unknown) => {
        const reason = error instanceof Error ? error.name : 'unknown error';
        throw new UsageError(
          `nothing was changed, for who changes it could not be written (${reason}): you need dynamodb:PutItem on the table ${tableName}`,
        );
      });
    },
    rows: async () => {
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
      return (await queryItems({ documents, name: tableName, clock }, query)).map((item) => item as unknown as AuditRow);
    },
  };
}

/** The ARN of whoever's credentials the command has. */
export async function callerArn(client = new STSClient({})): Promise<string> {
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  return Arn ?? 'unknown';
}
