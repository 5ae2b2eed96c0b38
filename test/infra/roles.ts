/** What the roles of a template may do, short enough to read. */

import type { Deployment } from './deployment.ts';

/** By service and resource: the actions without their service. */
export type Permissions = Readonly<Record<string, readonly string[]>>;

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Of each role that has a policy, by the id of its function. */
export function rolesOf({ resources }: Deployment): Readonly<Record<string, Permissions>> {
  const policies = Object.entries(resources('AWS::IAM::ManagedPolicy'));
  return Object.fromEntries(
    policies.map(([id, { Properties }]) => {
      const { Statement: statements } = Properties.PolicyDocument as { Statement: Statement[] };
      return [
        short(id)
          .replace(/Policy$/, '')
          .replace(/^(Sweep)\1$/, '$1'),
        permissionsOf(statements),
      ];
    }),
  );
}

export const actionsOf = (permissions: Permissions): string[] => Object.values(permissions).flat();

function permissionsOf(statements: readonly Statement[]): Permissions {
  const found = new Map<string, Set<string>>();
  for (const { Action, Resource } of statements) {
    for (const resource of [Resource].flat()) {
      for (const action of [Action].flat()) {
        const [service = '', verb = ''] = action.split(':');
        const key = `${service}: ${nameOf(resource)}`;
        found.set(key, (found.get(key) ?? new Set()).add(verb));
      }
    }
  }
  return Object.fromEntries([...found].map(([key, verbs]) => [key, [...verbs].sort()]));
}

/** A construct's id, or what follows it; of a parameter, its path; of a role with a name, the name. */
function nameOf(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const flat = JSON.stringify(resource);
  const path = /:parameter(\/[^"]*)/.exec(flat)?.[1];
  if (path !== undefined) return path;
  const role = /:role\/([\w-]+)-",/.exec(flat)?.[1];
  if (role !== undefined) return role;
  const bus = /:event-bus\/([\w-]+)/.exec(flat)?.[1];
  if (bus !== undefined) return `event bus ${bus}`;
  // In a nested stack, what belongs to the stack around it is a parameter.
  const id =
    /"Fn::GetAtt":\["(\w+)"/.exec(flat)?.[1] ??
    /"Ref":"referencetoM365AuditLake(\w+?[0-9A-F]{8})(?:Arn|Ref)"/.exec(flat)?.[1] ??
    /^\{"Ref":"(\w+)"\}$/.exec(flat)?.[1] ??
    flat;
  const rest = /,"(\/[^"]+)"\]\]/.exec(flat)?.[1] ?? '';
  return `${short(id)}${rest}`;
}

/** Without the hash that CDK appends to an id, and without the resource's own name. */
const short = (id: string): string =>
  id
    .replace(/[0-9A-F]{8}$/, '')
    .replace(/^(Encryption|Ledger|Lake)(Key|Table|Bucket)$/, '$1')
    // In the name of a reference to M365AuditLake/Lake/Bucket, CDK leaves out the component that repeats the end of the one before.
    .replace(/^Bucket$/, 'Lake')
    .replace(/^SweepSweep/, 'Sweep');
