import type { Cost } from '../../shared/ports/asking.ts';
import { bytes } from '../terminal/quantity.ts';

/** USD for each TB (10^12 bytes) that Athena scans, in most regions. @see https://aws.amazon.com/athena/pricing/ */
const usdPerTb = 5;
/** Athena counts at least so many for a query. */
const leastBytes = 10 * 2 ** 20;

/** What a query costs in Athena, in USD. */
function athenaUsd(bytesScanned: number): number {
  return (Math.max(bytesScanned, leastBytes) / 1e12) * usdPerTb;
}

/** @example 'Athena scanned 1.2 GB, about 0.0060 USD\n' */
export function costLine({ bytesScanned }: Cost): string {
  if (bytesScanned === undefined) return 'Athena does not say what it scanned\n';
  return `Athena scanned ${bytes(bytesScanned)}, about ${athenaUsd(bytesScanned).toFixed(5)} USD\n`;
}
