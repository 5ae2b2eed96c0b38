/** Every specimen, by what it is one of. */

import { dlp } from './dlp.ts';
import { entraAudit } from './entra-audit.ts';
import { exchange } from './exchange.ts';
import { general } from './general.ts';
import { graph } from './graph.ts';
import { keptValues } from './kept-values.ts';
import { rareFields } from './rare-fields.ts';
import { realSpellings } from './real-spellings.ts';
import { riskDetections } from './risk-detections.ts';
import { sharepoint } from './sharepoint.ts';
import { signIns } from './sign-ins.ts';
import type { Specimen } from './specimens.ts';

/** The title of each group, and its specimens. */
export const specimenGroups: readonly { readonly of: string; readonly specimens: readonly Specimen[] }[] = [
  { of: 'DLP records', specimens: dlp },
  { of: 'Entra records of the Management Activity API', specimens: entraAudit },
  { of: 'Exchange records', specimens: exchange },
  { of: 'records of Audit.General', specimens: general },
  { of: 'directory audits and alerts of Microsoft Graph', specimens: graph },
  { of: 'a value beside another', specimens: keptValues },
  { of: 'a rare field', specimens: rareFields },
  { of: 'a real spelling', specimens: realSpellings },
  { of: 'risk detections', specimens: riskDetections },
  { of: 'SharePoint records', specimens: sharepoint },
  { of: 'sign-ins of Microsoft Graph', specimens: signIns },
];
