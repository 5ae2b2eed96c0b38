import { columnsOf } from './common.ts';
import { logType } from './log-type.ts';
import { recognizeSignIns, signInColumns, signInCommon, signIns, signInWindows } from './sign-ins.ts';

/** Sign-ins that a client made for a user, with a token it already had. */
export const signInsNonInteractive = logType({
  ...signIns,
  id: 'sign-ins-non-interactive',
  title: 'Microsoft Entra sign-ins: non-interactive',
  source: signInWindows('nonInteractiveUser'),
  recognize: recognizeSignIns('nonInteractiveUser'),
  columns: columnsOf(signInCommon, signInColumns),
});
