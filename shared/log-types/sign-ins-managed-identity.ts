import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';
import { signInColumns, signInCommon, signIns, signInWindows } from './sign-ins.ts';

export const signInsManagedIdentity: LogType = {
  ...signIns,
  id: 'sign-ins-managed-identity',
  title: 'Microsoft Entra sign-ins: managed identities',
  source: signInWindows('managedIdentity'),
  columns: columnsOf(signInCommon, signInColumns),
};
