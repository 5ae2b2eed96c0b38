/** The nested parts of a person's sign-in: what Conditional Access decided, and how the person proved who they are. */

import type { JsonRecord, Moment } from './maker.ts';

/** `conditionalAccessStatus` for the result of a sign-in. */
export function conditionalAccess(errorCode: number): string {
  if (errorCode === 53003) return 'failure';
  return errorCode === 0 ? 'success' : 'notApplied';
}

/** `appliedConditionalAccessPolicies`, in the form of beta. */
export function policies({ chance }: Moment, errorCode: number, isMfa: boolean): JsonRecord[] {
  const result = (index: number) => (errorCode === 53003 && index === 0 ? 'failure' : index < 2 ? 'success' : 'notApplied');
  return policyNames.map(([id, displayName, control], index) => ({
    id,
    displayName,
    enforcedGrantControls: index === 0 && !isMfa ? [] : [control],
    enforcedSessionControls: [],
    result: errorCode === 0 || errorCode === 53003 ? result(index) : 'notApplied',
    conditionsSatisfied: 'application,users',
    conditionsNotSatisfied: index < 2 ? 'none' : 'location',
    sessionControlsNotSatisfied: [],
    authenticationStrength: null,
    includeRulesSatisfied: [{ conditionalAccessCondition: 'application', ruleSatisfied: 'allApps' }],
    excludeRulesSatisfied: chance.chance(0.1) ? [{ conditionalAccessCondition: 'users', ruleSatisfied: 'groupId' }] : [],
  }));
}

const policyNames = [
  ['0c1f8e7a-53c7-44a3-9d0f-5d6f0b0f2f11', 'Require MFA for all users', 'Mfa'],
  ['3be0f0c9-75ee-4a10-8d8e-0ddc6b6f7f9a', 'Require compliant device for admins', 'RequireCompliantDevice'],
  ['90b4a6de-6dd4-4e48-ae1b-0c1b8c0c7d55', 'Länder sperren', 'Block'],
] as const;

/** `authenticationDetails`: the password, and a second step where one was asked for. */
export function authenticationSteps({ chance }: Moment, time: string, errorCode: number, isMfa: boolean): JsonRecord[] {
  const password = {
    authenticationStepDateTime: time,
    authenticationMethod: errorCode === 0 && chance.chance(0.5) ? 'Previously satisfied' : 'Password',
    authenticationMethodDetail: 'Password in the cloud',
    succeeded: errorCode !== 50126,
    authenticationStepResultDetail: errorCode === 50126 ? 'Invalid username or password' : 'Correct password',
    authenticationStepRequirement: 'Primary authentication',
  };
  if (!isMfa) return [password];
  return [
    password,
    {
      authenticationStepDateTime: time,
      authenticationMethod: 'Mobile app notification',
      authenticationMethodDetail: null,
      succeeded: errorCode === 0,
      authenticationStepResultDetail: errorCode === 500121 ? 'MFA denied; user declined the authentication' : 'MFA successfully completed',
      authenticationStepRequirement: 'Multifactor authentication',
    },
  ];
}
