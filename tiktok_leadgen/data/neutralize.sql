-- A copy of the database must not take leads, must not open what is sealed, and must not renew a
-- token: it could be the one time that it works.
DELETE FROM tiktok_token;
DELETE FROM tiktok_oauth_state;
DELETE FROM tiktok_webhook_token;
UPDATE tiktok_advertiser SET state = 'revoked', removed_reason = 'here', business_token_id = NULL
 WHERE state = 'connected';
DELETE FROM tiktok_business_token;
DELETE FROM tiktok_revocation;
DELETE FROM tiktok_subscription;
UPDATE tiktok_account SET state = 'disconnected' WHERE state IN ('connected', 'expired');
UPDATE res_company
   SET tiktok_leadgen_enabled = FALSE,
       tiktok_app_secret_sealed = NULL,
       tiktok_client_secret_sealed = NULL,
       tiktok_accept_untrusted = FALSE;
