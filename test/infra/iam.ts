/** What IAM would answer: the statements of a policy, evaluated for one action on one resource. */

/** A statement as it stands in a template. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Whether it is allowed, conditions taken as met. @param resource With `<Ref>` in place of what CloudFormation fills in. */
export function isAllowed(statements: readonly Statement[], action: string, resource: string): boolean {
  const concerns = ({ Action, Resource }: Statement): boolean =>
    [Action].flat().some((pattern) => matches(pattern, action)) && [Resource].flat().some((pattern) => matches(flat(pattern), resource));
  const concerned = statements.filter(concerns);
  return concerned.some(({ Effect }) => Effect === 'Allow') && concerned.every(({ Effect }) => Effect !== 'Deny');
}

/** As IAM compares: an asterisk is any text, a question mark any letter. */
function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}

/** A value of a template as text. @example '<AWS::Region>' */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, inner] = []] = Object.entries(value as Readonly<Record<string, unknown>>);
  if (kind === 'Ref') return `<${String(inner)}>`;
  if (kind === 'Fn::GetAtt') return `<${(inner as string[]).join('.')}>`;
  if (kind !== 'Fn::Join') throw new Error(`an intrinsic that is not known here: ${String(kind)}`);
  const [delimiter, parts] = inner as [string, unknown[]];
  return parts.map(flat).join(delimiter);
}
