/** What the rules found in a run, for its end: a row a rule, the most severe first. */

import { findingsView } from '../../shared/datasets/findings.ts';
import { levels } from '../../shared/detections/sigma/rule.ts';
import type { LakeReader } from '../../local/lake-reader.ts';
import { count } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import type { TerminalStyle } from '../terminal/terminal-style.ts';
import { plantedLine, type PlantedIncident } from './planted-incidents.ts';

const rank = `CASE level ${levels.map((level, index) => `WHEN '${level}' THEN ${String(index)}`).join(' ')} END`;
const who = `coalesce(nullif(array_to_string(map_values(group_values), ', '), ''),
    json_extract_string(evidence, '$.actor_upn'), json_extract_string(evidence, '$.source_ip'), '')`;

/** Of findings that somebody would be notified of; first-seen rules of a lake that begins are still learning what is usual. */
const loudest = `SELECT level, title, count(*) AS findings, arg_max(${who}, event_time) AS newest, any_value(rule_id)
FROM ${findingsView} WHERE quiet_because IS NULL GROUP BY level, title ORDER BY ${rank} DESC, findings, title`;

/**
 * @param named The names of rules by their ids.
 * @param incidents Attacks that are planted in the records; none where the records are somebody's own.
 * @returns Lines for the terminal, without a line end; every text of a record is made safe by the table.
 */
export async function findingsReport(
  reader: LakeReader,
  named: ReadonlyMap<string, string>,
  incidents: readonly PlantedIncident[],
  style: TerminalStyle,
): Promise<string> {
  const rows = await (await reader.query(loudest)).getRows();
  const found = await (await reader.query(`SELECT DISTINCT rule_id FROM ${findingsView}`)).getRows();
  const quiet = await (await reader.query(`SELECT count(*) FROM ${findingsView} WHERE quiet_because IS NOT NULL`)).getRows();
  const names = new Set(found.map(([id]) => named.get(String(id)) ?? String(id)));
  const columns = [{ name: 'level' }, { name: 'finding' }, { name: 'times', align: 'right' as const }, { name: 'the newest of' }];
  const cells = rows.map(([level, title, times, newest]) => [String(level), String(title), count(Number(times)), String(newest ?? '')]);
  return [
    style.bold(`What ${count(named.size)} rules found`),
    '',
    table(columns, cells, style),
    '',
    ...(incidents.length === 0 ? [] : [plantedLine(incidents, names)]),
    `${count(Number(quiet[0]?.[0] ?? 0))} more findings are quiet, most because a rule is still learning what is usual (lake findings --all)`,
  ].join('\n');
}
