/**
 * Networks of Exchange Online itself. A record of a mailbox that was used through another service of Microsoft has that service's address
 * beside the client's.
 *
 * @see https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges#exchange-online
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
  '104.47.0.0/17',
  '131.253.33.215/32',
  '132.245.0.0/16',
  '150.171.32.0/22',
  '204.79.197.215/32',
  '2603:1000::/24',
  '2620:1ec::/36',
  '2a01:111::/32',
];
