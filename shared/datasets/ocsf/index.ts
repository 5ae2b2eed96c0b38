import { ocsfApiActivity } from './api-activity.ts';
import { ocsfAuthentication } from './authentication.ts';
import { ocsfDetectionFinding } from './detection-finding.ts';
import { ocsfAccountChange, ocsfEntityManagement, ocsfGroupManagement } from './directory-changes.ts';
import { ocsfEmailActivity } from './email-activity.ts';
import { ocsfFileHostingActivity } from './file-hosting-activity.ts';

/** The same events as OCSF 1.8.0 has them; landed where a deployment chooses them. */
export const ocsfDatasets = [
  ocsfAuthentication,
  ocsfAccountChange,
  ocsfGroupManagement,
  ocsfEntityManagement,
  ocsfApiActivity,
  ocsfFileHostingActivity,
  ocsfEmailActivity,
  ocsfDetectionFinding,
] as const;
