"""Who may read and write each field of this addon, and call each public method.

The letters are those of rights_table.py of tiktok_leadgen.
"""

TABLE = """
crm.lead
    read MA
        tiktok_cost tiktok_cost_currency_id tiktok_cost_is_final tiktok_crm_event_ids
    read SMA
        tiktok_ads_objection
    write SMA
        tiktok_ads_objection
digest.digest
    read ISMDAX
        kpi_tiktok_cost
    read MA
        kpi_tiktok_cost_value
    write D
        kpi_tiktok_cost kpi_tiktok_cost_value
res.company
    read MA
        tiktok_ads_alert_count tiktok_ads_consent tiktok_ads_consent_answers
        tiktok_ads_consent_question tiktok_ads_qualified_cost_limit tiktok_ads_spend_without_lead
    write A
        tiktok_ads_consent tiktok_ads_consent_answers tiktok_ads_consent_question
        tiktok_ads_qualified_cost_limit tiktok_ads_spend_without_lead
    call MA
        action_tiktok_view_cost_alerts
res.config.settings
    read -
        tiktok_ads_consent tiktok_ads_consent_answers tiktok_ads_consent_question
        tiktok_ads_currency_id tiktok_ads_qualified_cost_limit tiktok_ads_spend_without_lead
res.currency
    call POISMDAX
        get_all_currencies
tiktok.ad.entity
    read MA
        cost cost_per_lead cover lead_count qualified_count return_currency_id won_count
        won_revenue
    read SMA
        adgroup_id advertiser_id campaign_id
    call MAX
        action_view_return
    call SMA
        action_view_leads
tiktok.ad.spend
    read MA
        ad_id ad_uid adgroup_id adgroup_uid advertiser_id campaign_id campaign_uid clicks
        company_id currency_id date fetched_at impressions is_corrected spend tiktok_lead_count
tiktok.ads.objection
    read -
        company_id digest
tiktok.advertiser
    read MA
        other_spend qualified_cost reported_event_count reported_events_at spend_without_lead
    read SMA
        account_status company_currency_id has_lead_gap is_fetching_spend is_qualified_cost_high
        is_spend_file_read is_suspended is_without_leads lacks_rate lead_gap lead_gap_since
        spend_checked_from spend_currency_id spend_error spend_fetched_at spend_from spend_next_at
        spend_notified spend_progress spend_recent_until spend_stage spend_task_at spend_task_uid
        spend_time_zone spend_until
    call A
        action_fetch_spend
    call MAX
        action_view_return action_view_spend
tiktok.audience
    read MA
        active advertiser_id attempt_count audience_uid company_id is_expiring is_valid kind
        lost_reason_ids matched_count member_count min_count name next_refresh_at problem
        problem_message refreshed_at state
    write A
        active advertiser_id company_id kind lost_reason_ids name
    call A
        action_delete_remote action_download action_refresh
tiktok.crm.event
    read MA
        company_id currency_id event_name event_set_id event_uid has_email has_phone
        is_lower_funnel is_test lead_id lead_uid occurred_at reason refusal rule_id sent_at state
        value
    call A
        action_send action_stop
    call MA
        action_open_lead
tiktok.crm.event.rule
    read MA
        active company_id event_name event_set_id is_frozen is_lower_funnel lost_reason_id on_won
        sequence stage_id
    write A
        active event_name event_set_id is_lower_funnel lost_reason_id on_won sequence stage_id
tiktok.event.set
    read -
        token_sealed
    read MA
        active advertiser_id attempt_count checked_at company_id email_share event_ids
        event_set_uid has_token name next_try_at phone_share problem problem_message refused_count
        reported_at reported_count reported_of_count rule_ids sent_count signal_count signal_goal
        skipped_count source status test_code token waiting_count
    write A
        active advertiser_id company_id event_set_uid name rule_ids source test_code token
    call A
        action_check action_create_remote action_import_sets action_suggest_rules
    call MA
        action_view_events
tiktok.lead.report
    call SMAX
        action_overview
tiktok.return.report
    read MA
        ad_id adgroup_id advertiser_id campaign_id clicks company_id contacted_count cost
        cost_per_contacted cost_per_lead cost_per_qualified cost_per_won currency_id date
        expected_revenue form_id impressions is_final lead_count lead_id qualified_count roas
        team_id tiktok_lead_count user_id won_count won_revenue
    call MA
        action_open_lead
    call POISMDAX
        web_read_group
"""
