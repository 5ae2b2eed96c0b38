import type { Instant } from '../../shared/domain/window.ts';
import type { Maker } from './maker.ts';

/** One record that an attack leaves in a log type. */
export interface IncidentEvent {
  readonly logTypeId: string;
  readonly at: Instant;
  readonly make: Maker;
}
