-- A copy of the database must not post, and must not serve photos under addresses TikTok knows.
UPDATE tiktok_post SET state = 'cancelled' WHERE state = 'queued';
UPDATE tiktok_post_attempt SET media_token_hash = NULL, poll_at = NULL;
UPDATE res_company SET tiktok_publish_audited = FALSE;
