/** An application's certificate, as it is exported: the private key and the certificate in one PEM text. */

import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { Credential } from './ports/tenants.ts';

/** The credential, or what is wrong with the text. */
export type CertificateRead =
  | { readonly kind: 'credential'; readonly credential: Credential }
  /** What is wrong and what to do, to follow the name of the place in a message. */
  | { readonly kind: 'fault'; readonly fault: string };

/** Reads key and certificate, in any order. The thumbprint is computed, so that it cannot differ from the certificate. */
export function certificateFromPem(text: string): CertificateRead {
  const privateKey = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'].map((label) => blockOf(text, label)).find(Boolean);
  const certificate = blockOf(text, 'CERTIFICATE');
  if (privateKey === undefined) return fault('holds no unencrypted private key; append it, as PEM (BEGIN PRIVATE KEY)');
  if (certificate === undefined) return fault('holds no certificate; append it, as PEM (BEGIN CERTIFICATE)');
  const credential = checkedPair(privateKey, certificate);
  if (credential) return { kind: 'credential', credential };
  return fault('holds a private key and a certificate that do not belong together or cannot be read; export both again');
}

function fault(what: string): CertificateRead {
  return { kind: 'fault', fault: what };
}

function checkedPair(privateKey: string, certificate: string): Credential | undefined {
  try {
    const parsed = new X509Certificate(certificate);
    if (!parsed.checkPrivateKey(createPrivateKey(privateKey))) return undefined;
    return { kind: 'certificate', privateKey, thumbprintSha256: parsed.fingerprint256.replaceAll(':', '') };
  } catch {
    return undefined; // neither's message says what is wrong; the cure is the same
  }
}

/** The first block of a label. The first certificate of a chain is the application's own. */
function blockOf(pem: string, label: string): string | undefined {
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
  const from = pem.indexOf(begin);
  const to = from === -1 ? -1 : pem.indexOf(end, from + begin.length);
  return to === -1 ? undefined : pem.slice(from, to + end.length);
}
