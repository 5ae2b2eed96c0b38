import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
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
      await addRow(documents, tableName, row).catch((error: unknown) => {
        const reason = error instanceof Error ? error.name : 'unknown error';
        throw new UsageError(`who does this could not be written (${reason}): you need dynamodb:PutItem on the table ${tableName}`);
      });
    },
    rows: async () => {
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
      return (await queryItems({ documents, name: tableName, clock }, query)).map(
        ({ pk: _pk, sk: _sk, ...row }) => row as unknown as AuditRow,
      );
    },
  };
}

/** Never over another row: of two within a millisecond the second has a number. */
async function addRow(documents: DynamoDBDocumentClient, TableName: string, row: AuditRow): Promise<void> {
  for (let number = 1; ; number += 1) {
    const sk = [row.at, row.tenant, row.action, ...(row.failed === undefined ? [] : ['failed']), ...(number > 1 ? [number] : [])].join('#');
    const put = new PutCommand({ TableName, Item: { pk, sk, ...row }, ConditionExpression: 'attribute_not_exists(pk)' });
    try {
      await documents.send(put);
      return;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

/** The ARN of whoever's credentials the command has. */
export async function callerArn(client = new STSClient({})): Promise<string> {
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  return Arn ?? 'unknown';
}
