-- A copy of the database must not write to people.
UPDATE res_company SET tiktok_message_sms = FALSE;
