/** Networks that addresses lie in. */

import { BlockList, isIPv6 } from 'node:net';

/** Whether an address lies in one of these networks. @param networks As `192.0.2.0/24`, `2001:db8::/32`. */
export function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  const v4: { readonly first: number; readonly last: number }[] = [];
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
    if (!isIPv6(address)) v4.push(rangeOf(address, Number(bits)));
  }
  return (address) => {
    if (address.includes(':')) return list.check(address, 'ipv6');
    const number = numberOf(address);
    return v4.some(({ first, last }) => number >= first && number <= last);
  };
}

/** Of an IPv4 network; Node's list makes two objects for each address that it is asked. */
function rangeOf(address: string, bits: number): { readonly first: number; readonly last: number } {
  const size = 2 ** (32 - bits);
  const first = Math.floor(numberOf(address) / size) * size;
  return { first, last: first + size - 1 };
}

/** An IPv4 address as a number. */
function numberOf(address: string): number {
  let [number, octet] = [0, 0];
  for (let at = 0; at < address.length; at += 1) {
    const letter = address.charCodeAt(at);
    if (letter === dot) [number, octet] = [number * 256 + octet, 0];
    else octet = octet * 10 + letter - zero;
  }
  return number * 256 + octet;
}
const [dot, zero] = [0x2e, 0x30];

/**
 * Whether an address is of no network of the internet: private, shared, link-local, or the machine itself.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export const isPrivate = inNetworks([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
]);
