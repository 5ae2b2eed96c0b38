/** Where people and attackers are. Every address is one of those reserved for documentation. */

/** A city as Graph locates it. */
export interface Place {
  readonly city: string;
  readonly state: string;
  readonly countryOrRegion: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly autonomousSystemNumber: number;
}

const place = (city: string, state: string, countryOrRegion: string, latitude: number, longitude: number, asn: number): Place => ({
  city,
  state,
  countryOrRegion,
  latitude,
  longitude,
  autonomousSystemNumber: asn,
});

/** Where the offices are, and most people live. */
export const homePlaces: readonly Place[] = [
  place('München', 'Bayern', 'DE', 48.13743, 11.57549, 64496),
  place('Zürich', 'Zürich', 'CH', 47.36667, 8.55, 64497),
  place('Dublin', 'Dublin', 'IE', 53.33306, -6.24889, 64498),
  place('Kraków', 'Małopolskie', 'PL', 50.06143, 19.93658, 64499),
  place('Montréal', 'Quebec', 'CA', 45.50884, -73.58781, 64500),
  place('Seattle', 'Washington', 'US', 47.60621, -122.33207, 64501),
];

/** Where attacks come from; nobody of the company lives there. */
export const foreignPlaces: readonly Place[] = [
  place('Chişinău', 'Chişinău Municipality', 'MD', 47.00556, 28.8575, 64504),
  place('Lagos', 'Lagos', 'NG', 6.45407, 3.39467, 64505),
  place('São Paulo', 'Sao Paulo', 'BR', -23.5475, -46.63611, 64506),
  place('Hà Nội', 'Ha Noi', 'VN', 21.0245, 105.84117, 64507),
];

/** Where the services of the company's cloud run. */
export const cloudPlace: Place = place('Amsterdam', 'Noord-Holland', 'NL', 52.37403, 4.88969, 64510);

/** 198.51.100.0/24: offices. */
export const officeAddress = (index: number): string => `198.51.100.${String(10 + (index % 6) * 16)}`;
/** 203.0.113.0/24: homes. */
export const homeAddress = (index: number): string => `203.0.113.${String(5 + (index % 240))}`;
/** 2001:db8:…: homes with IPv6. */
export const homeAddress6 = (index: number): string =>
  `2001:db8:${(0x4_00 + index).toString(16)}:9c1:8d5e:20ff:fe3a:${(0x1000 + index * 7).toString(16)}`;
/** 192.0.2.0/24: those who should not be there. */
export const attackerAddress = (index: number): string => `192.0.2.${String(20 + (index % 200))}`;
/** As Graph sends a place. */
export function locationOf(at: Place | undefined): Readonly<Record<string, unknown>> {
  if (!at) return { city: '', state: '', countryOrRegion: '', geoCoordinates: { altitude: null, latitude: null, longitude: null } };
  const { city, state, countryOrRegion, latitude, longitude } = at;
  return { city, state, countryOrRegion, geoCoordinates: { altitude: null, latitude, longitude } };
}
