-- A copy of the database must not report leads to TikTok, and must not change audiences there.
UPDATE tiktok_event_set SET token_sealed = NULL, active = FALSE;
UPDATE tiktok_crm_event SET state = 'skipped', reason = 'stopped' WHERE state = 'pending';
UPDATE tiktok_audience SET audience_uid = NULL, active = FALSE, state = 'draft';
