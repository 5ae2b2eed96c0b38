import { actor, observables, sourceEndpoint } from './base-event.ts';
import { sender } from './class-choice.ts';
import { constant, long, object, text, unmapped } from './fields.ts';
import { ocsfDataset } from './ocsf-dataset.ts';

/** Mail that was sent from a mailbox. Recipients are not in the audit, so that the direction is not known. */
export const ocsfEmailActivity = ocsfDataset({
  dataset: 'ocsf_email_activity',
  uid: 4009,
  name: 'Email Activity',
  categoryUid: 4,
  categoryName: 'Network Activity',
  activities: { 0: 'Unknown', 1: 'Send', 99: 'Other' },
  meaning: 'mail that was sent, as events of OCSF class 4009',
  own: () => ({
    actor: actor('session_id'),
    direction_id: long('0'),
    direction: constant('Unknown'),
    email: object(
      {
        from: text(sender()),
        subject: text('item_subject'),
        message_uid: text('internet_message_id'),
        uid: text('item_id'),
        size: long('item_size_bytes'),
      },
      ['from'],
    ),
    from: text(sender()),
    src_endpoint: sourceEndpoint(),
    observables: observables(['actor.user.name', 4, 'actor_upn'], ['src_endpoint.ip', 2, 'source_ip'], ['email.from', 5, sender()]),
    unmapped: unmapped(
      'record_type',
      'client_info',
      'mailbox_guid',
      'logon_type_name',
      'item_attachments',
      'originating_server',
      'is_external_access',
    ),
  }),
  meanings: {
    direction_id: ['Always 0: recipients are not in the audit', '0'],
    direction: ['Always Unknown', 'Unknown'],
    email: ['The message', '{"from": "megan@contoso.example", "subject": "Invoice"}'],
    from: ['Mailbox it was sent as, on behalf of, or from', 'megan@contoso.example'],
  },
});
