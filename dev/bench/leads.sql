-- Leads and their events for the overview, over the last year: most contacted, some qualified, few
-- won, and the newest hundredth waiting. %(count)s is how many.
WITH company AS (SELECT id FROM res_company ORDER BY id LIMIT 1)
INSERT INTO tiktok_form (name, page_uid, company_id, active, create_date, write_date)
SELECT (ARRAY['Villa offer', 'Spring quote form', 'Free consultation', 'Brochure', 'Test drive',
              'Newsletter and a voucher for the shop', 'Financing', 'عرض الربيع'])[number],
       (7600000000000001000 + number)::text, company.id, TRUE, now(), now()
  FROM generate_series(1, 8) AS number, company
    ON CONFLICT DO NOTHING;

WITH company AS (SELECT id FROM res_company ORDER BY id LIMIT 1),
     form AS (SELECT array_agg(id) AS ids FROM tiktok_form WHERE page_uid LIKE '76000000000000010%%'),
     stage AS (SELECT array_agg(id ORDER BY sequence, name->>'en_US', id) AS ids,
                      max(id) FILTER (WHERE is_won) AS last FROM crm_stage),
     team AS (SELECT array_agg(id) AS ids FROM crm_team
               WHERE active AND (company_id IS NULL OR company_id = (SELECT id FROM company))),
     person AS (SELECT array_agg(id) AS ids FROM res_users WHERE active AND NOT share),
     drawn AS (
         SELECT number, random() AS luck, random() AS way, random() AS pace,
                (now() AT TIME ZONE 'UTC') - interval '365 days'
                    * power(random(), 1.4) - interval '2 minutes' AS received
           FROM generate_series(1, %(count)s) AS number
     ), lead AS (
         SELECT drawn.*, luck < 0.08 AS won, luck BETWEEN 0.08 AND 0.35 AS moved,
                luck BETWEEN 0.6 AND 0.8 AS lost,
                luck > 0.8 AND received > (now() AT TIME ZONE 'UTC') - interval '3 days' AS waits,
                (1 + floor(power(way, 2) * 12))::int AS campaign,
                (60 + 5400 * power(pace, 4))::int AS seconds
           FROM drawn
     )
INSERT INTO crm_lead (
    name, contact_name, email_from, email_normalized, type, active, company_id, team_id, user_id,
    stage_id, probability, won_status, tiktok_lead_uid, tiktok_form_id, tiktok_campaign_uid,
    tiktok_campaign_name, tiktok_adgroup_uid, tiktok_adgroup_name, tiktok_ad_uid, tiktok_ad_name,
    tiktok_answers, tiktok_submitted_at, tiktok_received_at, tiktok_assigned_at,
    tiktok_first_contact_at, tiktok_response_seconds, create_date, write_date
)
SELECT 'Person ' || number, 'Person ' || number, 'p' || number || '@example.com',
       'p' || number || '@example.com', 'opportunity', NOT lost, company.id,
       team.ids[1 + number %% array_length(team.ids, 1)],
       CASE WHEN NOT waits THEN person.ids[1 + number %% array_length(person.ids, 1)] END,
       CASE WHEN won THEN stage.last WHEN moved THEN stage.ids[2] ELSE stage.ids[1] END,
       CASE WHEN won THEN 100 WHEN lost THEN 0 ELSE 20 END,
       CASE WHEN won THEN 'won' WHEN lost THEN 'lost' ELSE 'pending' END,
       '6' || lpad(number::text, 18, '0'), form.ids[1 + campaign %% array_length(form.ids, 1)],
       (1809876543200000 + campaign)::text, 'Campaign ' || campaign,
       (1809876543210000 + campaign)::text, 'Lookalike ' || campaign,
       (1809876543220000 + campaign * 4 + number %% 4)::text,
       'Video ' || campaign || chr(65 + number %% 4), repeat('Question: an answer' || chr(10), 12),
       received - interval '2 seconds', received,
       CASE WHEN NOT waits THEN received + interval '1 second' END,
       CASE WHEN NOT waits THEN received + seconds * interval '1 second' END,
       CASE WHEN NOT waits THEN seconds END, received, received
  FROM lead, company, form, stage, team, person
    ON CONFLICT DO NOTHING;

INSERT INTO tiktok_event (
    state, kind, source, company_id, dedup_key, lead_uid, form_id, lead_id, verification, signature,
    raw, raw_size, received_at, submitted_at, done_at, attempt_count, create_date, write_date
)
SELECT 'done', 'lead', 'webhook', company_id, 'lead:' || tiktok_lead_uid, tiktok_lead_uid,
       tiktok_form_id, id, 'token', 'unchecked',
       json_build_object('id', tiktok_lead_uid, 'changes', json_build_array(
           json_build_object('field', 'name', 'value', contact_name),
           json_build_object('field', 'email', 'value', email_from),
           json_build_object('field', 'comment', 'value', repeat('x', 700))))::text,
       900, tiktok_received_at,
       tiktok_submitted_at, tiktok_received_at, 1, tiktok_received_at, tiktok_received_at
  FROM crm_lead WHERE tiktok_lead_uid LIKE '60000%%'
    ON CONFLICT DO NOTHING;

ANALYZE crm_lead;
ANALYZE tiktok_event;
