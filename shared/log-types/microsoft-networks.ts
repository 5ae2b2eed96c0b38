/**
 * Networks of Exchange Online itself, and of Microsoft Entra. A record of a mailbox that was used through another service of Microsoft has
 * that service's address beside the client's.
 *
 * The IPv4 part is Microsoft's list for Exchange Online in the worldwide endpoints (IDs 1, 2, 9 and 10), version 2024103100, each network
 * once; Entra's are those of ID 56. Of IPv6 that list has only where clients connect to. Exchange's servers write their own addresses into records, and most of these
 * are in no list of today: of 203 in real records 184 lie in 2603:10a6::/32, of which older versions of the list had four /40 networks.
 * Hence the three blocks that the listed and the seen networks lie in: each stands as it is here in Microsoft's own list of the addresses
 * that it owns. Azure has addresses in the first of them, too.
 *
 * @see https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges#exchange-online
 * @see https://www.microsoft.com/download/details.aspx?id=53602 Microsoft Public IP Space, msft-public-ips.csv
 */
export const exchangeOnlineNetworks: readonly string[] = [
  '13.107.6.152/31',
  '13.107.18.10/31',
  '13.107.128.0/22',
  '23.103.160.0/20',
  '40.92.0.0/15',
  '40.96.0.0/13',
  '40.104.0.0/15',
  '40.107.0.0/16',
  '52.96.0.0/14',
  '52.100.0.0/14',
  '52.238.78.88/32',
  '104.47.0.0/17',
  '131.253.33.215/32',
  '132.245.0.0/16',
  '150.171.32.0/22',
  '204.79.197.215/32',
  // Microsoft Entra; its IPv6 networks, from 2603:1006:2000::/48 to 2603:1057:2::/48, lie in the first of the blocks below.
  '20.20.32.0/19',
  '20.190.128.0/18',
  '20.231.128.0/19',
  '40.126.0.0/18',
  // 2603:1006::/40 and the others of the list that begin with 2603 lie in it.
  '2603:1000::/24',
  // Of 2620:1ec::/36 the list has 2620:1ec:4::152/127, c::10/127, d::10/127, 8f0::/46, 900::/46 and a92::152/127.
  '2620:1ec::/36',
  // The list has 2a01:111:f400::/48 and 2a01:111:f403::/48.
  '2a01:111::/32',
];
