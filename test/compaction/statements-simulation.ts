/**
 * Lives of a dataset whose hours are merged by the very texts that Athena gets, run by DuckDB over a few columns: after every step the view's
 * text has to give one row a record of all that landed.
 */

import { compactedTableOf } from '../../shared/datasets/compacted-tables.ts';
import { duckdbType } from '../../shared/domain/columns.ts';
import type { CompactedTable } from '../../shared/domain/compacted-table.ts';
import { layouts } from '../../shared/domain/compacted-by.ts';
import { compactedViewSelect, type ViewedHours } from '../../shared/domain/compacted-view.ts';
import {
  createStatement,
  eventDaysStatement,
  mergeStatement,
  slicesOf,
  unmergeStatement,
} from '../../shared/domain/compaction-statements.ts';
import { hourLater, partitionOf, type HourRange, type LandingHour } from '../../shared/domain/landing-hour.ts';
import { literal } from '../../shared/domain/literal.ts';
import { AthenaOnDuckDb } from './athena-on-duckdb.ts';
import { Draw } from './draw.ts';

/** Datasets of every rule, with the columns that decide. */
const datasets = ['msft_o365_exchange_online_raw', 'msft_azure_ad_raw', 'msft_graph_security_alerts_raw', 'saas_audit_logs'] as const;
const deciding = new Set(['tenant_id', 'record_id', 'record_key', 'event_time', 'operation', 'landed_at', 'content_id', 'object', 'raw']);

/** Changes to the texts, to see that the simulation would notice. */
export type TextChange = (text: string) => string;

/** @returns What was wrong first; undefined when nothing was. */
export async function simulateStatements(seed: number, change: TextChange = (text) => text): Promise<string | undefined> {
  const draw = new Draw(seed);
  const engine = await AthenaOnDuckDb.open();
  try {
    const run = new SimulatedRun(draw, engine, change);
    await run.begin();
    for (let step = 0; step < 16; step += 1) {
      const did = await run.step();
      const wrong = await run.fault();
      if (wrong !== undefined) return `step ${String(step)}, ${did}, ${run.dataset}: ${wrong}`;
    }
    return undefined;
  } finally {
    engine.close();
  }
}

interface Row {
  readonly tenant: string;
  readonly record: number;
  readonly version: number;
  readonly landedAt: number;
  readonly object: string;
}

/** One run of a dataset. */
class SimulatedRun {
  readonly dataset: string;
  private readonly draw: Draw;
  private readonly engine: AthenaOnDuckDb;
  private readonly change: TextChange;
  private readonly table: CompactedTable;
  private readonly rows: Row[] = [];
  private hour: LandingHour = '2026-11-20T22';
  private landings = 0;
  /** Of pending jobs, which may land in their hour whenever they like. */
  private pending: LandingHour[] = [];
  private viewed: ViewedHours | undefined;
  private merged: HourRange[] = [];

  constructor(draw: Draw, engine: AthenaOnDuckDb, change: TextChange) {
    this.draw = draw;
    this.engine = engine;
    this.change = change;
    this.dataset = draw.of(datasets);
    const table = compactedTableOf(this.dataset);
    const times = table.keeps.kind === 'newest version' ? [table.keeps.timeColumn] : [];
    this.table = { ...table, columns: table.columns.filter(({ name }) => deciding.has(name) || times.includes(name)) };
  }

  async begin(): Promise<void> {
    const columns = this.table.columns.map(({ name, type }) => `"${name}" ${type === 'date' ? 'DATE' : duckdbType(type)}`);
    await this.engine.duckdb.run(`CREATE TABLE "${this.table.landed}" (${columns.join(', ')}, dt DATE, hr BIGINT)`);
    await this.engine.run(createStatement(this.table, 's3://lake/compacted/x/', this.draw.of(layouts)));
  }

  async step(): Promise<string> {
    const what = this.draw.of([
      'land',
      'land late',
      'pass',
      'merge',
      'merge',
      'merge',
      'die',
      'close',
      'repeat',
      'repeat',
      'reset',
      'delete and open',
    ] as const);
    switch (what) {
      case 'land':
        await this.land(this.hour);
        break;
      case 'land late':
        if (this.pending.length > 0) await this.land(this.draw.of(this.pending));
        break;
      case 'pass':
        this.pass();
        break;
      case 'merge':
        await this.land(this.hour);
        this.pass();
        await this.mergeDue('to its end');
        break;
      case 'die':
        await this.mergeDue('until the watermark');
        break;
      case 'close':
        await this.close();
        break;
      case 'repeat':
        if (this.merged.length > 0) await this.merge(this.draw.of(this.merged));
        break;
      case 'delete and open':
        await this.unmerge();
        break;
      case 'reset':
        if (this.draw.chance(0.3)) this.viewed = undefined;
    }
    return what;
  }

  private pass(): void {
    if (this.draw.chance(0.4)) this.pending.push(this.hour);
    this.hour = hourLater(this.hour, 1 + this.draw.upTo(2));
  }

  /** What the view gives against what it has to. */
  async fault(): Promise<string | undefined> {
    const select = this.change(compactedViewSelect(this.table, this.viewed));
    const list = this.table.columns.map(({ name }) => `CAST("${name}" AS VARCHAR)`).filter((_, index) => this.isCompared(index));
    const [got, want] = [(await this.engine.run(this.asSelect(select, list))).map((row) => row.join(' ')), this.expected()];
    const twice = got.length - new Set(got).size;
    if (twice > 0 && this.table.keeps.kind !== 'every row') return `${String(twice)} rows twice`;
    return JSON.stringify(got.sort()) === JSON.stringify(want.sort())
      ? undefined
      : `${JSON.stringify(got)} instead of ${JSON.stringify(want)}`;
  }

  private asSelect(select: string, list: readonly string[]): string {
    return `SELECT ${list.join(', ')} FROM (\n${select}\n) seen`;
  }

  /** Of a record's repetitions any may stand for it; of its versions the newest. */
  private isCompared(index: number): boolean {
    const name = this.table.columns[index]?.name ?? '';
    return this.table.keeps.kind === 'one per record key'
      ? ['tenant_id', 'record_key'].includes(name)
      : ['raw'].includes(name) || name === 'object';
  }

  private expected(): string[] {
    const texts = this.rows.map((row) => this.textOf(row));
    if (this.table.keeps.kind === 'every row') return texts;
    if (this.table.keeps.kind === 'one per record key') return [...new Set(texts)];
    const newest = new Map<string, Row>();
    for (const row of this.rows) {
      const there = newest.get(`${row.tenant} ${String(row.record)}`);
      if (!there || this.isNewer(row, there)) newest.set(`${row.tenant} ${String(row.record)}`, row);
    }
    return [...newest.values()].map((row) => this.textOf(row));
  }

  private isNewer(one: Row, other: Row): boolean {
    const isTimed = this.table.keeps.kind === 'newest version' && this.table.keeps.timeColumn !== undefined;
    if (isTimed && one.version !== other.version) return one.version > other.version;
    return one.landedAt > other.landedAt;
  }

  private textOf({ tenant, record, version, landedAt, object }: Row): string {
    if (this.table.keeps.kind === 'every row') return object;
    return this.table.keeps.kind === 'one per record key' ? `${tenant} ${keyOf(record)}` : rawOf({ record, version, landedAt });
  }

  private async land(hour: LandingHour): Promise<void> {
    this.landings += 1;
    const object = `object${String(this.landings)}`;
    const count = 1 + this.draw.upTo(4);
    const rows = Array.from({ length: count }, (_, index): Row => {
      const [tenant, record] = [`tenant${String(this.draw.upTo(1))}`, this.draw.upTo(4)];
      return { tenant, record, version: this.draw.upTo(3), landedAt: this.landings * 10 + index, object };
    });
    this.rows.push(...rows);
    const { dt, hr } = partitionOf(hour);
    const tuples = rows.map((row) => {
      const values = this.table.columns.map(({ name }) => this.valueOf(name, row));
      return `(${[...values, `DATE '${dt}'`, String(hr)].join(', ')})`;
    });
    await this.engine.duckdb.run(`INSERT INTO "${this.table.landed}" VALUES ${tuples.join(', ')}`);
  }

  /** Every third record has no time. */
  private valueOf(name: string, { tenant, record, version, landedAt, object }: Row): string {
    const hasTime = record % 3 > 0;
    const texts: Readonly<Record<string, string>> = {
      tenant_id: literal(tenant),
      record_id: literal(`id${String(record)}`),
      record_key: literal(this.table.keeps.kind === 'newest version' ? `${keyOf(record)}-${String(version)}` : keyOf(record)),
      event_time: hasTime ? `TIMESTAMPTZ '2026-11-${String(10 + record)} 23:59:59.999999+00'` : 'NULL',
      landed_at: `TIMESTAMPTZ '2026-11-20 00:00:00+00' + INTERVAL ${String(landedAt)} SECOND`,
      object: literal(object),
      raw: literal(rawOf({ record, version, landedAt })),
      operation: literal('did'),
    };
    const times = this.table.keeps.kind === 'newest version' && this.table.keeps.timeColumn === name;
    if (times) return version === 0 ? 'NULL' : `TIMESTAMPTZ '2026-11-2${String(version)} 00:00:00+00'`;
    return texts[name] ?? 'NULL';
  }

  /** Opened before merged, merged before the watermark passes. */
  private async mergeDue(until: 'to its end' | 'until the watermark'): Promise<void> {
    const due = hourLater(this.hour, -1);
    const { watermark, open } = this.viewed ?? { watermark: '2026-11-20T00', open: [] };
    if (watermark >= due) return;
    const opened = [...new Set([...open, ...this.pending.filter((hour) => hour <= due)])].sort();
    if (this.viewed) this.viewed = { watermark, open: opened };
    const range = { from: hourLater(watermark), to: due };
    await this.merge(range);
    this.merged.push(range);
    if (until === 'to its end') this.viewed = { watermark: due, open: opened };
  }

  /** In one statement or in slices, whose order is fixed. */
  private async merge(range: HourRange): Promise<void> {
    if (this.draw.chance(0.6)) return this.statement(mergeStatement(this.table, range));
    const days = (await this.engine.run(this.change(eventDaysStatement(this.table, range)))).map(([day]) => String(day));
    for (const slice of slicesOf(days, 2)) await this.statement(mergeStatement(this.table, range, slice));
  }

  private async statement(text: string): Promise<void> {
    await this.engine.run(this.change(text));
  }

  /** As of hours whose objects were replaced: the view reads them from their objects before their rows go. */
  private async unmerge(): Promise<void> {
    const { viewed, merged } = this;
    if (!viewed || merged.length === 0) return;
    const { from } = this.draw.of(merged);
    if (from > viewed.watermark) return;
    this.viewed = { ...viewed, open: [...new Set([...viewed.open, from])].sort() };
    await this.statement(unmergeStatement(this.table, { from, to: from }));
  }

  private async close(): Promise<void> {
    const { viewed } = this;
    if (!viewed) return;
    const hour = viewed.open[0];
    if (hour === undefined) return;
    this.pending = this.pending.filter((one) => one !== hour);
    await this.merge({ from: hour, to: hour });
    this.viewed = { ...viewed, open: viewed.open.filter((one) => one !== hour) };
  }
}

const keyOf = (record: number): string => `key${String(record)}`;
const rawOf = ({ record, version, landedAt }: Pick<Row, 'record' | 'version' | 'landedAt'>): string =>
  `${String(record)}/${String(version)}/${String(landedAt)}`;
