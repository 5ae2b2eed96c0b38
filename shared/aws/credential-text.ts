import { z } from 'zod';
import { certificateFromPem, type CertificateRead } from '../certificate.ts';

/**
 * The text of a tenant's credential parameter: for `secret` the client secret's value, as it is or as `{"secret": "…"}`; for
 * `certificate` one PEM text with the private key and the certificate. A fault never repeats the text.
 */
export function credentialFromText(kind: 'secret' | 'certificate', text: string): CertificateRead {
  if (kind === 'certificate') return certificateFromPem(text);
  const secret = text.trimStart().startsWith('{') ? secretOfJson(text) : text.trim();
  if (secret !== undefined && secret !== '') return { kind: 'credential', credential: { kind: 'secret', secret } };
  const what = secret === '' ? 'is empty' : `is JSON, but not {"secret": "..."}`;
  return { kind: 'fault', fault: `${what}; write the client secret's Value (not its ID) into it` };
}

const secretJson = z.object({ secret: z.string().trim() });

function secretOfJson(text: string): string | undefined {
  try {
    return secretJson.safeParse(JSON.parse(text)).data?.secret;
  } catch {
    return undefined; // the caller names the right form; the parser's message would repeat the secret
  }
}
