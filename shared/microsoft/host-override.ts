/**
 * Where every request goes instead of Microsoft: a simulator on this machine, never anything else.
 *
 * A host H is then reached at `${baseUrl}/H/...`. The guards still see the https URL; token requests go to the override too, so
 * a real credential never meets it by halves.
 */
export interface HostOverride {
  /** `http://127.0.0.1:PORT` */
  readonly baseUrl: string;
}

/** @throws When the base is not plain http on a loopback address: a token would leave this machine in clear text. */
export function overrideTarget(override: HostOverride): { readonly hostname: string; readonly port: string } {
  const url = URL.parse(override.baseUrl);
  const isBare = url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  const isLoopback = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (isBare && isLoopback && url.protocol === 'http:') return { hostname: url.hostname.replace(/[[\]]/g, ''), port: url.port };
  throw new Error(`host override '${override.baseUrl}' is not allowed; it must be http on this machine, such as http://127.0.0.1:8365`);
}
