/** The columns every `_raw` dataset begins with. */

import { absent, allOf, given, long, text, texts, type Column, type Columns } from '../domain/columns.ts';

/** The common columns that a log type declares itself; what it leaves out is NULL for it. */
export interface CommonColumns {
  readonly event_time: Column;
  readonly record_id: Column;
  readonly service?: Column;
  readonly operation: Column;
  readonly actor_id?: Column;
  readonly actor_upn?: Column;
  readonly actor_type?: Column;
  readonly source_ip?: Column;
  readonly source_port?: Column;
  readonly user_agent?: Column;
  readonly outcome: Column;
  readonly result_code?: Column;
  readonly app_id?: Column;
  readonly app_name?: Column;
  readonly target_id?: Column;
  readonly target_name?: Column;
  readonly target_type?: Column;
}

/** @param paths Every place where a record of the log type has the client's address. */
export const addressesAsSent = (...paths: string[]): Column =>
  texts(
    allOf(...paths),
    'Addresses of the client as sent: with ports, those that source_ip is not, and what is no address',
    '["203.0.113.24:51844"]',
  );

const notProvided = {
  service: text(absent, 'Microsoft service', 'Exchange'),
  actor_id: text(absent, 'Id of who acted', '10032001a2b3c4d5'),
  actor_upn: text(absent, 'User principal name of who acted', 'megan@contoso.example'),
  actor_type: text(absent, 'Kind of who acted', 'user'),
  source_ip: text(absent, 'Address the action came from', '203.0.113.24'),
  source_port: long(absent, 'Port the action came from', '51844'),
  user_agent: text(absent, 'Client as it names itself', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/141.0'),
  result_code: text(absent, 'Result as the service words it', 'Succeeded'),
  app_id: text(absent, 'Id of the application used', '7b2f0c7e-1f55-4d6a-8a8b-2f6f3a9d0c11'),
  app_name: text(absent, 'Name of the application used', 'Contoso Timesheets'),
  target_id: text(absent, 'Id of what was acted on', 'lee@contoso.example'),
  target_name: text(absent, 'Name of what was acted on', 'Lee Gu'),
  target_type: text(absent, 'Kind of what was acted on', 'User'),
};

/** The common columns in their order, then the log type's own. Landing adds `record_key` and `raw` (shared/landing/landing.ts). */
export function columnsOf(provided: CommonColumns, own: Columns): Columns {
  const common = { ...notProvided, ...provided };
  return {
    event_time: common.event_time,
    record_id: common.record_id,
    tenant_id: text(given('tenant_id'), 'GUID of the Microsoft tenant', '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'),
    tenant_name: text(given('tenant_name'), "The tenant's name in this deployment", 'contoso'),
    cloud: text(given('cloud'), "Microsoft's cloud, an id of the cloud table", 'enterprise'),
    log_type: text(given('log_type'), 'Log type the record was collected as', 'audit-exchange'),
    vendor: text(given('vendor'), 'Vendor of the dataset', 'msft'),
    product: text(given('product'), 'Product of the dataset', 'O365 Exchange Online'),
    content_id: text(
      given('content_id'),
      'Content blob the record came in; NULL for Graph and imports',
      '20261120091542118000123$20261120091830551000456$audit_exchange$Audit_Exchange$emea0012',
    ),
    landed_at: { type: 'time', from: given('landed_at'), meaning: 'When the record was landed', example: '2026-11-20 09:19:41+00' },
    service: common.service,
    operation: common.operation,
    actor_id: common.actor_id,
    actor_upn: common.actor_upn,
    actor_type: common.actor_type,
    source_ip: common.source_ip,
    source_port: common.source_port,
    user_agent: common.user_agent,
    outcome: common.outcome,
    result_code: common.result_code,
    app_id: common.app_id,
    app_name: common.app_name,
    target_id: common.target_id,
    target_name: common.target_name,
    target_type: common.target_type,
    ...own,
  };
}
