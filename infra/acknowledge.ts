import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges a finding of cdk-nag at this construct (or below it), with the reason.
 *
 * @param reasons By the rule's id; `Rule[Finding]` where a rule has several findings at one place.
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  Validations.of(construct).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));
}

/**
 * The finding of a resource that ends in an asterisk, as cdk-nag names it.
 *
 * @example wildcard(this, bucket.arnForObjects('raw/*')) // 'AwsSolutions-IAM5[Resource::<Lake….Arn>/raw/*]'
 */
export function wildcard(scope: IConstruct, resource: string): string {
  return `AwsSolutions-IAM5[Resource::${flat(Stack.of(scope).resolve(resource))}]`;
}

type Intrinsic =
  | string
  | { readonly Ref: string }
  | { readonly 'Fn::GetAtt': readonly string[] }
  | { readonly 'Fn::Join': readonly [string, readonly Intrinsic[]] };

function flat(resolved: unknown): string {
  const value = resolved as Intrinsic;
  if (typeof value === 'string') return value;
  if ('Ref' in value) return `<${value.Ref}>`;
  if ('Fn::GetAtt' in value) return `<${value['Fn::GetAtt'].join('.')}>`;
  const [delimiter, parts] = value['Fn::Join'];
  return parts.map(flat).join(delimiter);
}
