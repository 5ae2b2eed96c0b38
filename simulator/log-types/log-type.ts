/**
 * What the simulator knows of one log type. Deliberately not the product's own catalog: an oracle that shares the table of what it judges
 * repeats its mistakes.
 */

import type { Instant } from '../../shared/domain/window.ts';
import type { Maker } from '../seed-data/maker.ts';
import type { VersionsByWindow, VersionsOptions } from '../seed-data/seeded-versions.ts';

/** A content type of the Office 365 Management Activity API. */
export interface ContentLogType {
  readonly kind: 'content';
  /** The id that the product's catalog has for it. */
  readonly id: string;
  readonly contentType: string;
  readonly seedData: {
    readonly make: Maker;
    /** Records of a usual day. */
    readonly perDay: number;
    /** A blob or two are created in each slot of so many minutes. */
    readonly slotMinutes: number;
  };
}

/** Rows of a collection of Microsoft Graph: all of them, or those of one event type. */
export interface GraphLogType {
  readonly kind: 'graph';
  /** The id that the product's catalog has for it. */
  readonly id: string;
  readonly collection: GraphCollection;
  /** Of sign-ins: the value in `signInEventTypes`. */
  readonly eventType?: string;
  readonly seedData: {
    /** Records of a usual day. Few, as Graph allows five requests in ten seconds. */
    readonly perDay: number;
    readonly versions: (options: VersionsOptions) => VersionsByWindow;
  };
}

/** A collection as Graph serves it. */
export interface GraphCollection {
  /** @example auditLogs/signIns */
  readonly path: string;
  /** Its name in the faults file and in the request log. */
  readonly route: string;
  /** Which limits it shares, and how it refuses: see graph-refusals.ts. */
  readonly api: 'reporting' | 'security' | 'identity-protection';
  /** Application permissions, any of which is enough. */
  readonly permissions: readonly string[];
  /** Tenants without a premium licence are refused. */
  readonly needsPremium?: true;
  /** The field that windows are filtered on. */
  readonly timeField: string;
  /** Other fields that a filter may name. */
  readonly filterable: readonly string[];
  /** The reporting APIs take `gt` and `lt`, and do as if the clause were not there. */
  readonly strictComparisons: 'honoured' | 'ignored';
  /** Dates older than this are refused as if they were misspelt. */
  readonly oldestMs: number;
  /** A record's JSON text for one way of asking; as it is when absent. Given records are never rendered. */
  readonly render?: (text: string, how: Rendering) => string;
  /** Since then it answers 200 and nothing. */
  readonly retiredAt?: Instant;
}

/** How a record is asked for. */
export interface Rendering {
  readonly api: 'v1.0' | 'beta';
  /** Without Policy.Read.* the applied policies are left out, without a word. */
  readonly hasPolicyRead: boolean;
  /** `Prefer: include-unknown-enum-members` was sent. */
  readonly knowsNewMembers: boolean;
}

/** Either kind. */
export type SimulatedLogType = ContentLogType | GraphLogType;
