/** How functions reach Microsoft where a company stands between: a proxy, and certificates of its own. */

import { X509Certificate } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundles } from './bundle/bundle.ts';
import type { Settings } from './settings.ts';

const authoritiesFile = 'authorities.pem';

/** The variables of a function's environment. Node reads the authorities when it starts; the client reads the proxy. */
export function wayOut({ httpsProxy, noProxy, caFile }: Pick<Settings, 'httpsProxy' | 'noProxy' | 'caFile'>): Record<string, string> {
  return {
    ...(httpsProxy !== undefined && { HTTPS_PROXY: httpsProxy }),
    ...(noProxy !== undefined && { NO_PROXY: noProxy }),
    // Where Lambda unpacks a function's code.
    ...(caFile !== undefined && { NODE_EXTRA_CA_CERTS: `/var/task/${authoritiesFile}` }),
  };
}

/**
 * Puts the authorities of the setting `caFile` beside the code of all functions, or takes away those of an earlier synthesis.
 *
 * @throws When the file cannot be read, or holds no certificate: functions would start without it and say so in their logs only.
 */
export async function addAuthorities({ light, fetch }: Bundles, caFile: string | undefined): Promise<void> {
  const pem = caFile === undefined ? undefined : await readAuthorities(caFile);
  for (const folder of [light, fetch]) {
    const file = join(folder, authoritiesFile);
    await (pem === undefined ? rm(file, { force: true }) : writeFile(file, pem));
  }
}

async function readAuthorities(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(
      `caFile: '${path}' cannot be read (${typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error'})`,
    );
  });
  const blocks = text.split(/(?=-----BEGIN )/).filter((block) => block.startsWith('-----BEGIN '));
  if (blocks.length === 0) throw new Error(`caFile: '${path}' holds no certificate; it is PEM, with BEGIN CERTIFICATE`);
  blocks.forEach((block, index) => {
    if (!isCertificate(block)) throw new Error(`caFile: block ${String(index + 1)} of '${path}' is no certificate that can be read`);
  });
  return text;
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).subject !== '';
  } catch {
    return false; // OpenSSL's words would not help
  }
}
