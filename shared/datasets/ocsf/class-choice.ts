/**
 * Which OCSF class a record becomes, and which of its activities: the one table of it.
 *
 * A record has one class at most, and none where no class has all that it requires: nothing is invented. Class 3001 is deprecated in
 * OCSF 1.9 in favour of 3007; a later version of the mapping changes this file.
 *
 * @see https://schema.ocsf.io/1.8.0/classes
 */

import { literal } from '../../domain/literal.ts';
import { logTypes, type LogTypeId } from '../../log-types/index.ts';
import { translated } from './fields.ts';

/** Operations (in lower case, without the full stop that the Management API ends them with) by class and activity. */
export const operationsByChoice: Readonly<Record<string, readonly string[]>> = {
  // 3002 Authentication. Sign-ins of Graph are all of it.
  '3002:1': ['userloggedin', 'userloginfailed'],
  // 3001 Account Change.
  '3001:1': ['add user', 'restore user', 'invite external user', 'redeem external user invite'],
  '3001:2': ['enable account'],
  '3001:3': ['change user password', 'change password (self-service)'],
  '3001:4': ['reset user password', 'reset password (by admin)', 'reset password (self-service)'],
  '3001:5': ['disable account'],
  '3001:6': ['delete user', 'hard delete user'],
  '3001:7': [
    'add member to role',
    'add eligible member to role',
    'add member to role completed (pim activation)',
    'add member to role in pim completed (permanent)',
    'add member to role in pim completed (timebound)',
    'add eligible member to role in pim completed (permanent)',
    'add eligible member to role in pim completed (timebound)',
    'add member to role outside of pim (permanent)',
    'add scoped member to role',
    'restore member from role in pim completed',
    'restore eligible member from role in pim completed',
  ],
  '3001:8': [
    'remove member from role',
    'remove eligible member from role',
    'remove member from role completed (pim deactivate)',
    'remove member from role (pim activation expired)',
    'remove member from role in pim completed (permanent)',
    'remove member from role in pim completed (timebound)',
    'remove eligible member from role in pim completed (permanent)',
    'remove eligible member from role in pim completed (timebound)',
    'remove scoped member from role',
  ],
  '3001:10': ['user registered security info', 'admin registered security info', 'enable strong authentication'],
  '3001:11': ['user deleted security info', 'admin deleted security info', 'disable strong authentication'],
  '3001:99': [
    'update user',
    'change user license',
    'set force change user password',
    'set user manager',
    'update stsrefreshtokenvalidfrom timestamp',
  ],
  // 3006 Group Management.
  '3006:3': ['add member to group'],
  '3006:4': ['remove member from group'],
  '3006:5': ['delete group', 'hard delete group'],
  '3006:6': ['add group', 'restore group'],
  '3006:99': ['update group', 'set group managed by', 'set group to be managed by user', 'add owner to group', 'remove owner from group'],
  // 4009 Email Activity: sends only.
  '4009:1': ['send', 'sendas', 'sendonbehalf'],
  // 6006 File Hosting Activity.
  '6006:1': ['fileuploaded', 'foldercreated'],
  '6006:2': ['filedownloaded'],
  '6006:3': [
    'filemodified',
    'filemodifiedextended',
    'foldermodified',
    'filesensitivitylabelapplied',
    'filesensitivitylabelchanged',
    'filesensitivitylabelremoved',
  ],
  '6006:4': [
    'filedeleted',
    'filerecycled',
    'filedeletedfirststagerecyclebin',
    'filedeletedsecondstagerecyclebin',
    'fileversionsalldeleted',
    'fileversionrecycled',
    'folderdeleted',
    'folderrecycled',
    'folderdeletedfirststagerecyclebin',
    'folderdeletedsecondstagerecyclebin',
  ],
  '6006:5': ['filerenamed', 'folderrenamed'],
  '6006:6': ['filecopied', 'foldercopied'],
  '6006:7': ['filemoved', 'foldermoved'],
  '6006:8': ['filerestored', 'folderrestored'],
  '6006:9': ['filepreviewed'],
  '6006:10': ['filecheckedout'],
  '6006:11': ['filecheckedin', 'filecheckoutdiscarded'],
  '6006:12': [
    'sharingset',
    'sharinginvitationcreated',
    'anonymouslinkcreated',
    'anonymouslinkupdated',
    'companylinkcreated',
    'securelinkcreated',
    'securelinkupdated',
    'addedtosecurelink',
  ],
  '6006:13': [
    'sharingrevoked',
    'sharinginvitationrevoked',
    'anonymouslinkremoved',
    'companylinkremoved',
    'securelinkdeleted',
    'removedfromsecurelink',
  ],
  '6006:14': ['fileaccessed', 'fileaccessedextended', 'anonymouslinkused', 'companylinkused', 'securelinkused'],
  '6006:15': ['filesyncdownloadedfull', 'filesyncdownloadedpartial', 'filesyncuploadedfull', 'filesyncuploadedpartial'],
  // 2004 Detection Finding.
  '2004:1': [
    'alerttriggered',
    'dlprulematch',
    'timaildata',
    'tiurlclickdata',
    'airinvestigationdata',
    'airmanualinvestigation',
    'airadminactioninvestigation',
    'filemalwaredetected',
    'atpdetection',
  ],
  '2004:2': ['alertentitygenerated', 'alertupdated', 'dlpinfo'],
  '2004:3': ['dlpruleundo'],
};

const choiceByOperation: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(operationsByChoice).flatMap(([choice, names]) => names.map((name) => [name, choice])),
);

/** What a class needs of a record, beyond what every record has. Whoever does not have it goes to the next class that fits. */
const has = {
  user: `coalesce(actor_upn, actor_id) IS NOT NULL`,
  service: `coalesce(target_name, target_id, app_name, app_id) IS NOT NULL`,
  finding: `coalesce(alert_id, investigation_id, record_id) IS NOT NULL`,
  target: `coalesce(target_name, target_id) IS NOT NULL`,
  call: `source_ip IS NOT NULL AND coalesce(actor_upn, actor_id, app_name, app_id) IS NOT NULL`,
};

const operation = `rtrim(lower(operation), '. ')`;

/** The choice that the table makes, if it is of one of these classes. */
const chosen = (...classes: readonly number[]): string => {
  const table = Object.fromEntries(
    Object.entries(choiceByOperation).filter(([, choice]) => classes.includes(Number(choice.split(':')[0]))),
  );
  return translated(operation, table);
};

/** Rights and members that are added or removed: they change what they are of, and create and delete nothing. */
const relations = [
  'add-%permission',
  'remove-%permission',
  'add-%member',
  'remove-%member',
  '%-unifiedgrouplinks',
  '%folderpermissions',
  'add-rolegroupmember',
  'remove-rolegroupmember',
  'addedtogroup',
  'removedfromgroup',
  'addedtosecurelink',
  'removedfromsecurelink',
  'sitecollectionadmin%',
  'member%',
  'permissionlevel%',
];

/** Create, Read, Update, Delete of 6003 by how the operation is called; anything else is Other. */
const apiActivity = verbs([
  [3, relations],
  [
    1,
    ['new-%', 'add-%', 'install-%', 'import-%', '%created', '%added', '%uploaded', '%posted', '%sent', 'create%', 'add %', 'add%member%'],
  ],
  [
    2,
    [
      'get-%',
      'search-%',
      'test-%',
      'export-%',
      '%accessed',
      '%access',
      '%review',
      '%viewed%',
      '%previewed',
      '%performed',
      '%returned',
      '%prefetched',
      'view%',
      'get%',
      'export%',
      'search%',
      '%bind',
      'mailboxlogin',
      'copilotinteraction',
    ],
  ],
  [
    4,
    [
      'remove-%',
      'uninstall-%',
      '%deleted',
      '%removed',
      '%recycled',
      '%revoked',
      'softdelete',
      'harddelete',
      'movetodeleteditems',
      'delete%',
      'remove%',
    ],
  ],
  [
    3,
    [
      'set-%',
      'update-%',
      'enable-%',
      'disable-%',
      'start-%',
      'stop-%',
      '%updated',
      '%modified',
      '%changed',
      '%renamed',
      'update%',
      'set%',
      'move',
      'copy',
      'edit%',
      'modify%',
    ],
  ],
]);

/** Create, Update, Delete of 3004. A relation that is added or removed changes what it is of: it creates and deletes nothing. */
const entityActivity = verbs([
  [3, relations],
  [
    3,
    [
      '%permission grant%',
      '%permissiongrant%',
      '%role assignment%',
      '%credential%',
      '%password for user%',
      'add % to %',
      'remove % from %',
      'consent%',
    ],
  ],
  [6, ['register device', 'enroll%']],
  [7, ['unregister device', 'unenroll%']],
  [8, ['enable%']],
  [9, ['disable%']],
  [1, ['add%', 'new-%', 'create%', 'invite%', '%created', '%added']],
  [4, ['delete%', 'remove%', 'hard delete%', '%deleted', '%removed']],
  [2, ['get-%', 'search-%', 'view%', '%viewed', '%accessed']],
  [3, ['update%', 'set%', 'change%', 'assign%', 'consent%', '%updated', '%changed', '%modified']],
]);

/** The first activity one of whose patterns (of LIKE) fits. A lambda works its argument out once, however often it is compared. */
function verbs(table: readonly (readonly [activity: number, patterns: readonly string[]])[]): string {
  const cases = table.map(([activity, patterns]) => {
    const exact = patterns.filter((pattern) => !pattern.includes('%'));
    const alike = patterns.filter((pattern) => pattern.includes('%')).map((pattern) => `o LIKE ${literal(pattern)}`);
    const any = [...(exact.length === 0 ? [] : [`o IN (${exact.map(literal).join(', ')})`]), ...alike];
    return `WHEN ${any.join(' OR ')} THEN ${String(activity)}`;
  });
  return `(list_transform([${operation}], o -> CASE ${cases.join(' ')} ELSE 99 END))[1]`;
}

const api = `'6003:' || (${apiActivity})`;
const entity = `'3004:' || (${entityActivity})`;
const first = (...cases: readonly (readonly [when: string, then: string])[]): string =>
  `CASE ${cases.map(([when, then]) => `WHEN ${when} THEN ${then}`).join(' ')} END`;

const signIns = first([`${has.user} AND ${has.service}`, literal('3002:1')]);
const [account, group] = [chosen(3001), chosen(3006)];
const directoryChange: readonly (readonly [string, string])[] = [
  [`${account} IS NOT NULL AND coalesce(target_name, target_id) IS NOT NULL`, account],
  [`${group} IS NOT NULL AND (${groupName()}) IS NOT NULL`, group],
  [has.target, entity],
];
const alert = first(
  [`result_code = 'resolved'`, literal('2004:3')],
  [`last_update_time > event_time`, literal('2004:2')],
  ['true', literal('2004:1')],
);

/** Of each log type: SQL of the class and activity, as `6006:2`; NULL where no class fits. */
const choices: Readonly<Record<LogTypeId, string>> = {
  'sign-ins-interactive': signIns,
  'sign-ins-non-interactive': signIns,
  'sign-ins-service-principal': signIns,
  'sign-ins-managed-identity': signIns,
  'audit-azure-active-directory': first(
    [`((${chosen(3002)}) IS NOT NULL OR record_type IN (9, 15)) AND ${has.user} AND ${has.service}`, literal('3002:1')],
    ...directoryChange,
  ),
  'directory-audits': first(...directoryChange),
  'audit-exchange': first(
    [`(${chosen(4009)}) IS NOT NULL AND (${sender()}) IS NOT NULL`, literal('4009:1')],
    [has.call, api],
    [has.target, entity],
  ),
  'audit-sharepoint': first(
    [`(${chosen(2004)}) IS NOT NULL`, chosen(2004)],
    [`(${chosen(6006)}) IS NOT NULL AND ${has.call} AND (${hostedFileName()}) IS NOT NULL`, chosen(6006)],
    [has.call, api],
    [has.target, entity],
  ),
  'audit-general': first(
    [`(${chosen(2004)}) IS NOT NULL AND ${has.finding}`, chosen(2004)],
    [`(record_type IN (47, 98) OR starts_with(lower(operation), 'mcas_alert_')) AND ${has.finding}`, literal('2004:1')],
    [has.call, api],
    [has.target, entity],
  ),
  'dlp-all': first([`(${chosen(2004)}) IS NOT NULL AND coalesce(incident_id, record_id) IS NOT NULL`, chosen(2004)]),
  'risk-detections': first(
    [`result_code IN ('remediated', 'dismissed', 'confirmedSafe')`, literal('2004:3')],
    [`last_update_time > detected_time`, literal('2004:2')],
    ['true', literal('2004:1')],
  ),
  alerts: alert,
  'alerts-legacy': alert,
};

/** The log types of which some record may become the class, in the catalog's order. */
export function logTypesOf(classUid: number): LogTypeId[] {
  const prefix = String(classUid);
  return logTypes.map(({ id }) => id).filter((id) => choices[id].includes(`'${prefix}:`) || choices[id].includes(`|${prefix}:`));
}

/** Class and activity of a row, as `6006:2`; NULL where no class fits. The datasets read it under the name `ocsf_choice`. */
export function choiceSql(logTypeId: LogTypeId): string {
  return choices[logTypeId];
}

/** Which raw rows become the class. */
export function isOfClass(classUid: number): string {
  return `starts_with(ocsf_choice, '${String(classUid)}:')`;
}

/** The activity_id of a row that becomes the class. */
export const activityId = `CAST(split_part(ocsf_choice, ':', 2) AS BIGINT)`;

/** From whom a mail was sent: only what is an address. */
export function sender(): string {
  return `list_filter([send_as_upn, send_on_behalf_of_upn, mailbox_owner_upn, actor_upn], x -> regexp_full_match(x, '[a-zA-Z0-9!#$%&''*+/=?^_\`{|}~.-]+@[a-zA-Z0-9-]+[.][a-zA-Z0-9.-]+'))[1]`;
}

/** The file's or folder's name. */
export function hostedFileName(): string {
  return `coalesce(file_name, CASE WHEN item_type IN ('File', 'Folder') THEN nullif(string_split(rtrim(target_id, '/'), '/')[-1], '') END)`;
}

/** The group of a change of the directory: what was changed itself, or named by what was added to it. */
export function groupName(): string {
  return `coalesce(${changed('Group.DisplayName')}, ${changed('Group.ObjectID')}, CASE WHEN ${operation} LIKE '% group' AND ${operation} NOT LIKE '% member %' AND ${operation} NOT LIKE '% owner %' THEN coalesce(target_name, target_id) END)`;
}

/** The value that a property got, or had where it was taken away; Microsoft writes it as JSON in a text. */
export function changed(property: string): string {
  const of = `list_filter(modified_properties, x -> x.name = ${literal(property)})[1]`;
  const filled = (value: string): string => `nullif(nullif(trim(${value}, '"'), ''), 'null')`;
  return `coalesce(${filled(`${of}.new_value`)}, ${filled(`${of}.old_value`)})`;
}
