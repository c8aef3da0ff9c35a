-- A copy of the database must not write to people.
UPDATE tiktok_first_message SET state = 'skipped', reason = 'neutralized' WHERE state = 'waiting';
UPDATE res_company SET tiktok_message_email = FALSE;
UPDATE tiktok_form SET first_message = NULL;
UPDATE tiktok_lead_alert SET done_at = now() WHERE done_at IS NULL;
UPDATE res_company SET tiktok_alert_push = FALSE, tiktok_alert_email = FALSE;
