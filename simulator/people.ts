/** The company whose records are served: people, devices, apps, sites and mail. A function of the seed and the tenant alone. */

import { names } from './names.ts';
import { homeAddress, homeAddress6, homePlaces, officeAddress, type Place } from './places.ts';
import { element, random, type Random } from './random.ts';
import type { SimulatedTenant } from './world.ts';

/** Somebody with an account, a device and two places. */
export interface Person {
  readonly index: number;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly objectId: string;
  readonly puid: string;
  readonly sid: string;
  readonly mailboxGuid: string;
  readonly department: string;
  readonly isAdmin: boolean;
  readonly isGuest: boolean;
  readonly place: Place;
  readonly homeAddress: string;
  readonly officeAddress: string;
  readonly device: Device;
}

interface Device {
  readonly deviceId: string;
  readonly displayName: string;
  readonly operatingSystem: string;
  readonly browser: string;
  readonly userAgent: string;
  readonly isCompliant: boolean;
  readonly trustType: string;
}

interface App {
  readonly appId: string;
  readonly displayName: string;
  readonly clientAppUsed: string;
}

/** An app or a managed identity that signs in by itself. */
export interface ServiceIdentity {
  readonly appId: string;
  readonly servicePrincipalId: string;
  readonly name: string;
  readonly keyId: string;
  readonly address: string;
  /** Of managed identities: the Azure resource it belongs to. */
  readonly resourceId: string;
}

/** A site of SharePoint or somebody's OneDrive. */
export interface Site {
  readonly siteId: string;
  readonly webId: string;
  readonly listId: string;
  readonly url: string;
  readonly title: string;
  readonly workload: 'SharePoint' | 'OneDrive';
  readonly library: string;
}

/** Everybody and everything that records are about. */
export interface Company {
  readonly name: string;
  readonly tenantId: string;
  readonly domain: string;
  readonly people: readonly Person[];
  readonly apps: readonly App[];
  readonly services: readonly ServiceIdentity[];
  readonly managedIdentities: readonly ServiceIdentity[];
  readonly sites: readonly Site[];
  /** Name of the mail server, with the line end that some records carry. */
  readonly mailServer: string;
}

/** @param seed The world's; another seed is another company. */
export function company(seed: string, tenant: SimulatedTenant): Company {
  const chance = random(seed, tenant.tenantId, 'company');
  const domain = tenant.domains[0] ?? `${tenant.name}.example`;
  const people = names.map((name, index) => person(chance, name, index, domain));
  return {
    name: tenant.name,
    tenantId: tenant.tenantId,
    domain,
    people,
    apps: firstPartyApps,
    services: serviceNames.map((name, index) => serviceIdentity(chance, name, index)),
    managedIdentities: managedIdentityNames.map((name, index) => serviceIdentity(chance, name, index + serviceNames.length)),
    sites: [
      ...siteTitles.map((title) => teamSite(chance, tenant.name, title)),
      ...people.slice(0, 24).map((one) => oneDrive(chance, tenant.name, one)),
    ],
    mailServer: `DB9PR${String(chance.int(10, 99))}MB${String(chance.int(1000, 9999))} (15.20.9412.014)`,
  };
}

function person(chance: Random, [displayName, account]: readonly [string, string], index: number, domain: string): Person {
  const place = cyclic(homePlaces, index);
  const isGuest = index >= names.length - 4;
  return {
    index,
    displayName,
    userPrincipalName: isGuest ? `${account}_fabrikam.example#ext#@${domain}` : `${account}@${domain}`,
    objectId: chance.guid(),
    puid: `1003200${chance.hex(9).toUpperCase()}`,
    sid: `S-1-5-21-${String(chance.int(1e8, 4e9))}-${String(chance.int(1e8, 4e9))}-${String(chance.int(1e8, 4e9))}-${String(1_100 + index)}`,
    mailboxGuid: chance.guid(),
    department: cyclic(departments, index),
    isAdmin: index < 3,
    isGuest,
    place,
    homeAddress: index % 3 === 0 ? homeAddress6(index) : homeAddress(index * 4),
    officeAddress: officeAddress(index),
    device: device(chance, account, index),
  };
}

function device(chance: Random, account: string, index: number): Device {
  const kind = cyclic(deviceKinds, index);
  const isManaged = !chance.chance(0.15);
  return {
    deviceId: isManaged ? chance.guid() : '',
    displayName: isManaged ? `${kind.prefix}-${account.slice(0, 6).toUpperCase()}-${String(index).padStart(2, '0')}` : '',
    operatingSystem: kind.operatingSystem,
    browser: kind.browser,
    userAgent: kind.userAgent,
    isCompliant: isManaged && chance.chance(0.9),
    trustType: isManaged ? chance.pick(['Azure AD joined', 'Hybrid Azure AD joined', 'Azure AD registered']) : '',
  };
}

function serviceIdentity(chance: Random, name: string, index: number): ServiceIdentity {
  const resource = `/subscriptions/${chance.guid()}/resourceGroups/rg-${name}/providers/Microsoft.Compute/virtualMachines/${name}`;
  return {
    appId: chance.guid(),
    servicePrincipalId: chance.guid(),
    name,
    keyId: chance.guid(),
    address: `198.51.100.${String(200 + index)}`,
    resourceId: resource,
  };
}

function teamSite(chance: Random, tenantName: string, title: string): Site {
  const url = `https://${tenantName}.sharepoint.com/sites/${title.replaceAll(/[^A-Za-z0-9]/g, '')}/`;
  return {
    siteId: chance.guid(),
    webId: chance.guid(),
    listId: chance.guid(),
    url,
    title,
    workload: 'SharePoint',
    library: 'Shared Documents',
  };
}

function oneDrive(chance: Random, tenantName: string, owner: Person): Site {
  const account = owner.userPrincipalName.replaceAll(/[@.#]/g, '_');
  const url = `https://${tenantName}-my.sharepoint.com/personal/${account}/`;
  return {
    siteId: chance.guid(),
    webId: chance.guid(),
    listId: chance.guid(),
    url,
    title: owner.displayName,
    workload: 'OneDrive',
    library: 'Documents',
  };
}

/** Element `index`, counting on from the start again after the last. */
function cyclic<T>(list: readonly T[], index: number): T {
  return element(list, index % list.length);
}

const departments = ['Sales', 'Engineering', 'Finance', 'Human Resources', 'Operations', 'Legal', 'Marketing'];
const siteTitles = ['Finance', 'Engineering', 'Board Room', 'Vertrieb DACH', 'Human Resources', 'Project Nordwind', 'Legal', 'Marketing'];
const serviceNames = [
  'backup-runner',
  'crm-sync',
  'terraform-deploy',
  'm365-audit-lake',
  'payroll-export',
  'ticket-bridge',
  'github-actions-oidc',
  'scanner',
];
const managedIdentityNames = ['vm-build-01', 'func-invoices', 'aks-payments', 'logic-onboarding', 'vm-sql-02'];

const deviceKinds = [
  {
    prefix: 'LT',
    operatingSystem: 'Windows10',
    browser: 'Edge 142.0.0',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  },
  {
    prefix: 'MB',
    operatingSystem: 'MacOs',
    browser: 'Safari 19.1',
    userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
  },
  {
    prefix: 'IP',
    operatingSystem: 'Ios 26.1',
    browser: 'Mobile Safari',
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 PKeyAuth/1.0',
  },
  {
    prefix: 'WS',
    operatingSystem: 'Windows10',
    browser: 'Chrome 143.0.0',
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
  },
] as const;

/** Ids of Microsoft's own apps, which are the same in every tenant. */
const firstPartyApps: readonly App[] = [
  { appId: '00000002-0000-0ff1-ce00-000000000000', displayName: 'Office 365 Exchange Online', clientAppUsed: 'Browser' },
  { appId: '00000003-0000-0ff1-ce00-000000000000', displayName: 'Office 365 SharePoint Online', clientAppUsed: 'Browser' },
  { appId: '1fec8e78-bce4-4aaf-ab1b-5451cc387264', displayName: 'Microsoft Teams', clientAppUsed: 'Mobile Apps and Desktop clients' },
  { appId: 'd3590ed6-52b3-4102-aeff-aad2292ab01c', displayName: 'Microsoft Office', clientAppUsed: 'Mobile Apps and Desktop clients' },
  { appId: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c', displayName: 'Azure Portal', clientAppUsed: 'Browser' },
  { appId: '4765445b-32c6-49b0-83e6-1d93765276ca', displayName: 'OfficeHome', clientAppUsed: 'Browser' },
];
