/** The proxy on the way to Microsoft, as the environment names it. */

/** Where requests go through, and which hosts they go to without it. */
export interface Proxy {
  /** `http://` or `https://` of the proxy itself, with user and password where it wants them. A secret then. */
  readonly url: string;
  /** As in NO_PROXY: hosts, suffixes and address ranges, with commas between. */
  readonly except: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * HTTPS_PROXY and NO_PROXY, in capitals or not; where both are set, the small letters win, as with curl.
 *
 * @returns Undefined where no proxy is named.
 * @throws When the proxy is not a URL of http or https, or this Node cannot use one. The message does not repeat the URL, which may hold a password.
 */
export function proxyFrom(env: Environment, nodeVersion = process.versions.node): Proxy | undefined {
  const url = (env.https_proxy ?? env.HTTPS_PROXY ?? '').trim();
  if (url === '') return undefined;
  const parsed = URL.parse(url);
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.hostname === '') {
    throw new Error('HTTPS_PROXY is not the URL of a proxy; write it as http://proxy.example:3128');
  }
  if (!usesProxies(nodeVersion)) throw new Error(`Node ${nodeVersion} cannot go through HTTPS_PROXY; use Node 24.5 or newer`);
  return { url, except: (env.no_proxy ?? env.NO_PROXY ?? '').trim() };
}

/** Agents of older versions ignore `proxyEnv` without a word, and would go past the proxy. */
function usesProxies(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 5);
}
