import { columnsOf } from './common.ts';
import { logType } from './log-type.ts';
import { recognizeSignIns, signInColumns, signInCommonOf, signIns, signInWindows } from './sign-ins.ts';

/** Sign-ins of managed identities, whose credentials Azure keeps. */
export const signInsManagedIdentity = logType({
  ...signIns,
  id: 'sign-ins-managed-identity',
  title: 'Microsoft Entra sign-ins: managed identities',
  source: signInWindows('managedIdentity'),
  recognize: recognizeSignIns('managedIdentity'),
  columns: columnsOf(signInCommonOf('managed-identity'), signInColumns),
});
