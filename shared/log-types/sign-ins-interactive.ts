import { columnsOf } from './common.ts';
import { logType } from './log-type.ts';
import { recognizeSignIns, signInColumns, signInCommon, signIns, signInWindows } from './sign-ins.ts';

/** Sign-ins in which a person was asked for something. */
export const signInsInteractive = logType({
  ...signIns,
  id: 'sign-ins-interactive',
  title: 'Microsoft Entra sign-ins: interactive',
  source: signInWindows('interactiveUser'),
  recognize: recognizeSignIns('interactiveUser'),
  columns: columnsOf(signInCommon, signInColumns),
});
