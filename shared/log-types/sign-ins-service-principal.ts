import { columnsOf } from './common.ts';
import { logType } from './log-type.ts';
import { recognizeSignIns, signInColumns, signInCommonOf, signIns, signInWindows } from './sign-ins.ts';

/** Sign-ins of applications and other service principals. */
export const signInsServicePrincipal = logType({
  ...signIns,
  id: 'sign-ins-service-principal',
  title: 'Microsoft Entra sign-ins: service principals',
  source: signInWindows('servicePrincipal'),
  recognize: recognizeSignIns('servicePrincipal'),
  columns: columnsOf(signInCommonOf('service-principal'), signInColumns),
});
