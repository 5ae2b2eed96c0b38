-- title: Mailbox permissions
-- question: Who granted whom permissions on which mailbox or folder?
-- topic: mail
-- attack: T1098.002 Account Manipulation: Additional Email Delegate Permissions
-- rule: mailbox-full-access-granted; mailbox-folder-opened-to-all
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: mailbox = Which mailbox
-- column: folder = Which folder of it; NULL for the whole mailbox
-- column: trustee = Who was granted or lost the permissions
-- column: rights = Which permissions
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, coalesce(nullif(regexp_extract(TRY(parameters['Identity']), '^(.*?):[\\/]', 1), ''), TRY(parameters['Identity']), mailbox_owner_upn, target_id) AS mailbox,
  coalesce(item_folder_path, nullif(replace(regexp_extract(TRY(parameters['Identity']), ':([\\/].*)$', 1), '/', '\'), '')) AS folder,
  coalesce(TRY(parameters['User']), TRY(parameters['Trustee']), TRY(parameters['GrantSendOnBehalfTo']), folder_member_upn, folder_member_sid) AS trustee,
  coalesce(TRY(parameters['AccessRights']), folder_member_rights) AS rights, source_ip, outcome
FROM msft_o365_exchange_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND (operation IN ('Add-MailboxPermission', 'Remove-MailboxPermission', 'Add-RecipientPermission', 'Remove-RecipientPermission',
      'Add-MailboxFolderPermission', 'Set-MailboxFolderPermission', 'Remove-MailboxFolderPermission', 'AddFolderPermissions', 'ModifyFolderPermissions', 'UpdateFolderPermissions', 'RemoveFolderPermissions', 'UpdateCalendarDelegation')
    OR (operation = 'Set-Mailbox' AND TRY(parameters['GrantSendOnBehalfTo']) IS NOT NULL))
ORDER BY event_time DESC, mailbox, trustee
