import type { FindingRow } from '../../shared/detections/finding-row.ts';
import type { Notice } from '../../shared/ports/ledger.ts';

/** A finding's row, as the outbox has it. */
export function findingJson(id: string, more: Partial<Record<keyof FindingRow, unknown>> = {}): string {
  return JSON.stringify({
    ...{ finding_id: id, event_time: '2026-11-22T09:04:00.000Z', first_time: '2026-11-22T09:00:00.000Z' },
    ...{ title: 'Many passwords fail', level: 'high', state: 'new', kind: 'window', rule_id: 'spray', rule_version: '1' },
    ...{ tenant_id: 't', tenant_name: 'contoso', cloud: 'global', group_values: { source_ip: '203.0.113.7' }, count: 14 },
    ...{ attack: ['T1110.003'], record_keys: ['a'], datasets: ['msft_azure_ad_raw'], query: 'SELECT 1', is_incomplete: false },
    ...{ evidence: JSON.stringify({ actor_upn: 'megan@contoso.example' }), finding_key: '["a"]', found_at: '2026-11-22T09:05:00.000Z' },
    ...more,
  });
}

/** The same in the outbox. @param at When it was put there. */
export const findingNotice = (findingId: string, at: number, more: Parameters<typeof findingJson>[1] = {}): Notice => ({
  findingId,
  finding: findingJson(findingId, more),
  at,
});
