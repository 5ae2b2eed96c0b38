/** What went wrong on the way to Microsoft: a table of the network's codes, each with what to do where it lasts. */

import type { Cause } from '../ports/microsoft.ts';

/** The cure where something else answers in Microsoft's place. */
export const answersInstead =
  "Something between here and Microsoft (a captive portal, a filter, a proxy) answers instead; open it for Microsoft's hosts";
const checkProxy = 'Check HTTPS_PROXY and NO_PROXY, and that the proxy lets through what is sent to port 443 of the hosts';
const trustAuthority =
  'Something between here and Microsoft presents a certificate of its own; name its authority in a PEM file by NODE_EXTRA_CA_CERTS (on AWS: the setting caFile), or let Microsoft pass by it';
const reachHosts = "Where it lasts, check that this machine may reach Microsoft's hosts on port 443, or name the proxy by HTTPS_PROXY";
const resolveHosts = "Where it lasts, check that this machine can resolve Microsoft's hosts, or name the proxy that does by HTTPS_PROXY";
const moreFiles = "Raise the limit of this user ('ulimit -n 4096') and start again; until then it is tried again and again";
const letOut = "Check the firewall of this machine: it has to let connections out to port 443 of Microsoft's hosts";

interface Row {
  readonly message: string;
  readonly cure: string;
}

const untrusted: Row = { message: 'the certificate is not trusted', cure: trustAuthority };

/** @see https://nodejs.org/api/tls.html#x509-certificate-error-codes and https://nodejs.org/api/errors.html#common-system-errors */
const rows: Readonly<Record<string, Row>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  CERT_HAS_EXPIRED: { message: 'the certificate has expired', cure: `Check the clock of this machine. ${trustAuthority}` },
  CERT_NOT_YET_VALID: { message: 'the certificate is not valid yet', cure: 'Check the clock of this machine' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    message: 'the certificate is of another host',
    cure: 'Something between here and Microsoft answers instead; check DNS and the proxy',
  },
  EPROTO: {
    message: 'the other side does not speak TLS as expected',
    cure: 'Something between here and Microsoft answers without TLS or with an old version of it; check the proxy, and that HTTPS_PROXY begins with the scheme that the proxy itself speaks (mostly http://)',
  },
  ENOTFOUND: { message: 'the name of the host is not known', cure: resolveHosts },
  EAI_AGAIN: { message: 'the name of the host could not be asked for', cure: resolveHosts },
  ECONNREFUSED: { message: 'nothing listens where the connection goes', cure: reachHosts },
  ETIMEDOUT: { message: 'the connection got no answer', cure: reachHosts },
  EHOSTUNREACH: { message: 'there is no way to the host', cure: reachHosts },
  ENETUNREACH: { message: 'there is no way to the network of the host', cure: reachHosts },
  EMFILE: { message: 'too many files and connections are open', cure: moreFiles },
  ENFILE: { message: 'too many files and connections are open on this machine', cure: 'End what opened them' },
  EACCES: { message: 'this machine does not let the connection out', cure: letOut },
  EPERM: { message: 'this machine does not let the connection out', cure: letOut },
  EADDRNOTAVAIL: {
    message: 'this machine has no address or port left for the connection',
    cure: 'Where it lasts, end what keeps so many connections open',
  },
  ECONNRESET: { message: 'the connection was cut', cure: '' },
  EPIPE: { message: 'the connection was cut', cure: '' },
  'no-answer': { message: 'what came is no answer to the request', cure: answersInstead },
  ERR_PROXY_TUNNEL: { message: 'the proxy does not connect', cure: checkProxy },
};

/**
 * The cause of a connection that failed.
 *
 * @param code Node's own, e.g. `ECONNRESET`.
 * @param proxyStatus What a proxy answered instead of connecting, where it answered.
 */
export function networkCause(code: string, proxyStatus?: number): Cause {
  if (proxyStatus !== undefined) return proxyCause(proxyStatus);
  const known = knownNetworkCause(code) ?? (/CERT|TLS|SSL/.test(code) ? untrusted : { message: 'the connection failed', cure: '' });
  return { code, message: `${known.message} (${code})`, cure: known.cure };
}

/** What the table has of a code; undefined where it has nothing. */
export function knownNetworkCause(code: string): Row | undefined {
  return Object.hasOwn(rows, code) ? rows[code] : undefined;
}

function proxyCause(status: number): Cause {
  const code = `proxy HTTP ${String(status)}`;
  if (status === 407) {
    return {
      code,
      message: 'the proxy wants a user',
      cure: 'Put user and password into HTTPS_PROXY, as in http://user:password@proxy:3128',
    };
  }
  return { code, message: `the proxy does not connect to Microsoft (it answered ${String(status)})`, cure: checkProxy };
}
