/** The columns every `_raw` dataset begins with. */

import { given, long, none, text, type Column, type Columns } from '../domain/columns.ts';

/** What each log type says for itself among the common columns; what it leaves out is NULL for it. */
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

const absent = {
  service: text(none, 'Microsoft service'),
  actor_id: text(none, 'Id of who acted'),
  actor_upn: text(none, 'User principal name of who acted'),
  actor_type: text(none, 'Kind of who acted'),
  source_ip: text(none, 'Address the action came from'),
  source_port: long(none, 'Port the action came from'),
  user_agent: text(none, 'Client as it names itself'),
  result_code: text(none, 'Result as the service words it'),
  app_id: text(none, 'Id of the application used'),
  app_name: text(none, 'Name of the application used'),
  target_id: text(none, 'Id of what was acted on'),
  target_name: text(none, 'Name of what was acted on'),
  target_type: text(none, 'Kind of what was acted on'),
};

/** The common columns in their order, then the log type's own. Landing adds `record_key` and `raw` (shared/parquet.ts). */
export function columnsOf(said: CommonColumns, own: Columns): Columns {
  const common = { ...absent, ...said };
  return {
    event_time: common.event_time,
    record_id: common.record_id,
    tenant_id: text(given('tenant_id'), 'GUID of the Microsoft tenant'),
    tenant_name: text(given('tenant_name'), "The tenant's name in this deployment"),
    cloud: text(given('cloud'), "Microsoft's cloud, an id of the cloud table"),
    log_type: text(given('log_type'), 'Log type the record was collected as'),
    vendor: text(given('vendor'), 'Vendor of the dataset'),
    product: text(given('product'), 'Product of the dataset'),
    content_id: text(given('content_id'), 'Content blob the record came in; NULL for Graph and imports'),
    landed_at: { type: 'time', from: given('landed_at'), meaning: 'When the record was landed' },
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
