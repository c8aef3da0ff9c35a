"""Who may read and write each field of this addon, and call each public method.

The letters are those of rights_table.py of tiktok_leadgen.
"""

TABLE = """
crm.lead
    read MA
        tiktok_cost tiktok_cost_currency_id tiktok_cost_is_final
res.company
    read MA
        tiktok_ads_alert_count tiktok_ads_qualified_cost_limit tiktok_ads_spend_without_lead
    write A
        tiktok_ads_qualified_cost_limit tiktok_ads_spend_without_lead
    call MA
        action_tiktok_view_cost_alerts
res.config.settings
    read -
        tiktok_ads_currency_id tiktok_ads_qualified_cost_limit tiktok_ads_spend_without_lead
tiktok.ad.entity
    read SMA
        advertiser_id
tiktok.ad.spend
    read MA
        ad_id ad_uid adgroup_id adgroup_uid advertiser_id campaign_id campaign_uid clicks
        company_id currency_id date fetched_at impressions is_corrected spend tiktok_lead_count
tiktok.advertiser
    read MA
        other_spend qualified_cost spend_without_lead
    read SMA
        account_status company_currency_id has_lead_gap is_fetching_spend is_qualified_cost_high
        is_spend_file_read is_suspended is_without_leads lacks_rate lead_gap lead_gap_since
        spend_checked_from spend_currency_id spend_error spend_fetched_at spend_from spend_next_at
        spend_notified spend_progress spend_stage spend_task_at spend_task_uid spend_time_zone
        spend_until
    call A
        action_fetch_spend
    call MAX
        action_view_return action_view_spend
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
"""
