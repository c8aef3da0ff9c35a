-- What 500 ads of two ad accounts cost on each of the last 400 days, and leads of these ads: run after
-- leads.sql. One ad account is in the currency of the company, the other one in another.
WITH company AS (SELECT id, currency_id FROM res_company ORDER BY id LIMIT 1),
     foreign_one AS (
         SELECT min(currency.id) AS id FROM res_currency currency, company
          WHERE currency.name IN ('USD', 'EUR') AND currency.id != company.currency_id
     )
INSERT INTO tiktok_advertiser (
    name, advertiser_uid, company_id, state, active, spend_currency_id, spend_time_zone, spend_stage,
    spend_fetched_at, subscribe_to, create_date, write_date
)
SELECT 'Ad account ' || number, (7163948356417550000 + number)::text, company.id, 'draft', TRUE,
       CASE number WHEN 1 THEN company.currency_id ELSE foreign_one.id END,
       CASE number WHEN 1 THEN 'Europe/Berlin' ELSE 'America/New_York' END, 'done',
       now(), 'all', now(), now()
  FROM generate_series(1, 2) AS number, company, foreign_one
    ON CONFLICT DO NOTHING;

INSERT INTO res_currency_rate (currency_id, company_id, name, rate, create_date, write_date)
SELECT advertiser.spend_currency_id, company.id, CURRENT_DATE - day, 1.1 + day / 4000.0, now(), now()
  FROM tiktok_advertiser advertiser JOIN res_company company ON company.id = advertiser.company_id,
       generate_series(0, 400) AS day
 WHERE advertiser.spend_currency_id != company.currency_id
    ON CONFLICT DO NOTHING;

-- Ad number 1 to 500: 25 campaigns of five ad groups of four ads.
WITH company AS (SELECT id FROM res_company ORDER BY id LIMIT 1)
INSERT INTO tiktok_ad_entity (kind, uid, name, company_id, advertiser_id, create_date, write_date)
SELECT made.kind, made.uid::text, made.name, company.id, advertiser.id, now(), now()
  FROM (SELECT 'ad' AS kind, 1809876543230000 + ad AS uid, 'Video ' || ad AS name, ad
          FROM generate_series(1, 500) AS ad
         UNION ALL
        SELECT 'adgroup', 1809876543220000 + ad / 4, 'Lookalike ' || ad / 4, ad
          FROM generate_series(4, 500, 4) AS ad
         UNION ALL
        SELECT 'campaign', 1809876543210000 + ad / 20, 'Campaign ' || ad / 20, ad
          FROM generate_series(20, 500, 20) AS ad) AS made,
       company
  JOIN tiktok_advertiser advertiser ON advertiser.company_id = company.id
 WHERE advertiser.advertiser_uid = (7163948356417550001 + made.ad / 260)::text
    ON CONFLICT DO NOTHING;

INSERT INTO tiktok_ad_spend (
    advertiser_id, company_id, ad_uid, adgroup_uid, campaign_uid, ad_id, adgroup_id, campaign_id,
    date, spend, currency_id, impressions, clicks, tiktok_lead_count, fetched_at, is_corrected
)
SELECT ad.advertiser_id, ad.company_id, ad.uid, adgroup.uid, campaign.uid, ad.id, adgroup.id,
       campaign.id, CURRENT_DATE - day, round((random() * 60)::numeric, 2), advertiser.spend_currency_id,
       1000 + 3 * day, 20 + day % 30, day % 2, now(), day > 1
  FROM tiktok_ad_entity ad
  JOIN tiktok_advertiser advertiser ON advertiser.id = ad.advertiser_id
 CROSS JOIN LATERAL (SELECT (ad.uid::bigint - 1809876543230000 + 3) / 4 AS number) AS place
  JOIN tiktok_ad_entity adgroup ON adgroup.kind = 'adgroup'
       AND adgroup.uid = (1809876543220000 + place.number)::text
  JOIN tiktok_ad_entity campaign ON campaign.kind = 'campaign'
       AND campaign.uid = (1809876543210000 + (place.number + 4) / 5)::text,
       generate_series(0, 399) AS day
 WHERE ad.kind = 'ad' AND ad.uid BETWEEN '1809876543230001' AND '1809876543230500'
    ON CONFLICT DO NOTHING;

UPDATE crm_lead lead
   SET tiktok_ad_uid = ad.uid, tiktok_ad_name = ad.name,
       tiktok_adgroup_uid = (1809876543220000 + (place.number + 3) / 4)::text,
       tiktok_campaign_uid = (1809876543210000 + (place.number + 19) / 20)::text,
       tiktok_campaign_name = 'Campaign ' || (place.number + 19) / 20,
       tiktok_advertiser_uid = advertiser.advertiser_uid,
       expected_revenue = 100 + place.number
  FROM tiktok_ad_entity ad
  JOIN tiktok_advertiser advertiser ON advertiser.id = ad.advertiser_id
 CROSS JOIN LATERAL (SELECT ad.uid::bigint - 1809876543230000 AS number) AS place
 WHERE ad.kind = 'ad' AND lead.tiktok_lead_uid LIKE '60000%%'
   AND place.number = 1 + right(lead.tiktok_lead_uid, 9)::bigint * 7919 %% 500;

ANALYZE crm_lead;
ANALYZE tiktok_ad_spend;
ANALYZE tiktok_ad_entity;
