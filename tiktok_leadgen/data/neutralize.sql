-- A copy of the database must not take leads, and must not open what is sealed.
UPDATE res_company
   SET tiktok_leadgen_enabled = FALSE,
       tiktok_webhook_token = NULL,
       tiktok_app_secret_sealed = NULL,
       tiktok_accept_untrusted = FALSE;
