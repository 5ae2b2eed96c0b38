import { answer } from '../../local/answer.ts';
import type { Day } from '../../shared/detections/evaluate/first-seen.ts';
import type { Hit } from '../../shared/detections/evaluate/hit.ts';
import type { DayRange, GroupRef, SightedDays, SightedGroup, Sightings, TimelineRange } from '../../shared/ports/sightings.ts';

/** Sightings in memory: nothing is ever forgotten. */
export class MemorySightings implements Sightings {
  private readonly hits = new Map<string, Map<string, readonly Hit[]>>();
  private readonly dayset = new Map<string, Set<Day>>();
  private readonly ids = new Set<string>();

  put(object: string, groups: readonly SightedGroup[]): Promise<void> {
    return answer(() => {
      for (const group of groups) {
        const objects = this.hits.get(keyOf(group)) ?? new Map<string, readonly Hit[]>();
        this.hits.set(keyOf(group), objects.set(object, group.hits));
      }
    });
  }

  timelines(ranges: readonly TimelineRange[]): Promise<readonly (readonly Hit[])[]> {
    return answer(() =>
      ranges.map((range) =>
        [...(this.hits.get(keyOf(range))?.values() ?? [])].flat().filter(({ time }) => time >= range.from && time < range.to),
      ),
    );
  }

  remember(entities: readonly SightedDays[]): Promise<void> {
    return answer(() => {
      for (const entity of entities) {
        const days = this.dayset.get(keyOf(entity)) ?? new Set<Day>();
        for (const day of entity.days) days.add(day);
        this.dayset.set(keyOf(entity), days);
      }
    });
  }

  days(ranges: readonly DayRange[]): Promise<readonly (readonly Day[])[]> {
    return answer(() =>
      ranges.map((range) => [...(this.dayset.get(keyOf(range)) ?? [])].filter((day) => day >= range.from && day <= range.to)),
    );
  }

  known(findingIds: readonly string[]): Promise<ReadonlySet<string>> {
    return answer(() => new Set(findingIds.filter((id) => this.ids.has(id))));
  }

  noteKnown(findingIds: readonly string[]): Promise<void> {
    return answer(() => {
      for (const id of findingIds) this.ids.add(id);
    });
  }
}

const keyOf = ({ rule, tenantId, group }: GroupRef): string => JSON.stringify([rule, tenantId, group]);
