import { Duration, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, type ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { allow } from './permissions.ts';

/** A function that is started by the clock. */
export interface ScheduledRun {
  readonly id: string;
  readonly description: string;
  readonly schedule: ScheduleExpression;
  readonly function: LambdaFunction;
}

/** Everything that the clock starts. */
export interface SchedulesProps {
  readonly runs: readonly ScheduledRun[];
}

/** EventBridge schedules, and the one role that they start functions with. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { runs }: SchedulesProps) {
    super(scope, id);
    const role = this.role(runs);
    for (const run of runs) {
      new Schedule(this, run.id, {
        description: run.description,
        schedule: run.schedule,
        // A tick that is missed is not caught up with: the next one lists what this one would have.
        target: new LambdaInvoke(run.function, { role: role.withoutPolicyUpdates(), retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
      });
    }
  }

  private role(runs: readonly ScheduledRun[]): Role {
    const ownAccount = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: ownAccount }) });
    const arns = runs.map((run) => run.function.functionArn);
    new ManagedPolicy(this, 'Policy', { roles: [role], statements: [allow(['lambda:InvokeFunction'], ...arns)] });
    return role;
  }
}
