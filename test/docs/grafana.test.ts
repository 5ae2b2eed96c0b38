import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { refusalOf } from '../../shared/aws/asking/reading-statement.ts';
import { findings, views } from '../../shared/datasets/views.ts';

/** What Grafana needs of a dashboard to import it. @see https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/ */
const datasource = z.object({ type: z.literal('grafana-athena-datasource'), uid: z.literal('${datasource}') });
const dashboard = z.object({
  title: z.string().min(1),
  uid: z.string().max(40),
  schemaVersion: z.number().min(36),
  time: z.object({ from: z.string(), to: z.string() }),
  templating: z.object({
    list: z.array(
      z.object({ name: z.literal('datasource'), type: z.literal('datasource'), query: z.literal('grafana-athena-datasource') }),
    ),
  }),
  panels: z.array(
    z.object({
      id: z.number().int(),
      title: z.string().min(1),
      type: z.enum(['timeseries', 'table']),
      datasource,
      gridPos: z.object({ x: z.number().min(0), y: z.number().min(0), w: z.number().min(1).max(24), h: z.number().min(1) }),
      targets: z
        .array(
          z.object({
            refId: z.string(),
            datasource,
            format: z.number(),
            rawSQL: z.string(),
            connectionArgs: z.record(z.string(), z.unknown()),
          }),
        )
        .length(1),
    }),
  ),
});

const { panels } = dashboard.parse(
  JSON.parse(await readFile(join(import.meta.dirname, '..', '..', 'docs', 'grafana', 'm365-audit-lake.json'), 'utf8')),
);

describe("Grafana's dashboard", () => {
  test('has ids of its own for volume, lag, failures and findings, side by side', () => {
    expect(panels.map(({ title }) => title)).toEqual(['Events by log type', 'Lag', 'Failed sign-ins', 'Who fails most', 'Open findings']);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  test.each(panels.map(({ title, targets }) => ({ title, sql: targets[0]?.rawSQL ?? '' })))(
    'asks for "$title" by columns that there are, within the span that is shown',
    ({ sql }) => {
      expect(refusalOf(sql)).toBeUndefined();
      expect(sql).toContain('$__timeFilter(event_time)');
      const view = [...views, findings].find(({ name }) => name === / FROM (\w+)/.exec(sql)?.[1]);
      const known = new Set(view?.columns.map(({ name }) => name));
      const words = sql.replaceAll(/'[^']*'|AS \w+|\w+\(|FROM \w+/g, ' ').match(/\b[a-z][a-z_]+\b/g) ?? [];
      expect(words.filter((word) => !known.has(word) && !['timestamp', 'current_timestamp'].includes(word))).toEqual([]);
    },
  );
});
