"""The second part of `rights_table`: models from R to Z."""

SECOND_PART = """
tiktok.response.report
    read SMA
        arrived_at closed_count company_id contact_user_id contacted_count due_count form_id hour
        in_time_count in_time_share lead_count lead_id response_minutes team_id user_id weekday
        work_minutes
    call SMA
        action_open_lead
tiktok.reconciliation.day
    read MA
        advertiser_id checked_at company_id day deleted_count difference elsewhere_count
        extra_count form_id missing_count odoo_count recovered_count refused_count test_count
        tiktok_count waiting_count webhook_count
    call MA
        action_view_events
tiktok.mapping.apply
    read -
        form_id lead_count sample_text
    call -
        action_apply
tiktok.mapping.change
    read -
        company_id lead_id run_id values_after values_before
tiktok.mapping.run
    read -
        careful_count change_ids held_ids
    read MA
        changed_count company_id done_count failed_count form_id gone_count last_lead state total
        user_id
tiktok.oauth.state
    read -
        account_id company_id expires_at redirect_uri return_path state_hash tokens_sealed used_at
        user_id verifier_sealed
tiktok.ad.entity
    read SMA
        company_id is_stale kind name named_at uid
tiktok.connection.test
    read A
        advertiser_id began company_id created_ms form_id has_warnings lead_uid leftover refusal
        state steps steps_html user_id
    call A
        action_run_again action_update_steps
tiktok.relay.mapping
    read MA
        active company_id event_id failed_count name path_ids preview_text structure
    write A
        active event_id name path_ids
    call A
        action_replay
tiktok.relay.path
    read MA
        company_id kind mapping_id path role sample sequence
    write A
        role
tiktok.revocation
    read -
        account_id advertiser_id attempts company_id kind next_at open_id reason refresh_sealed
        token_sealed
tiktok.scope
    read MAX
        is_default label name sequence unavailable_features
tiktok.subscription
    read SMA
        advertiser_id callback_url company_id kind lead_source library_uid page_uid
        subscription_uid target_name
tiktok.token
    read -
        access_expires_at access_lifetime access_sealed account_id attempted_at is_dead
        refresh_expires_at refresh_sealed
tiktok.round.robin
    read -
        last_position team_id user_id
tiktok.video
    read MA
        account_id active comment_count company_id description duration embed_link height
        image_1920 like_count published_at seen_run share_count share_url title video_uid
        view_count width
tiktok.webhook.token
    read -
        company_id expires_at token_hash token_sealed
utm.campaign
    read ISMDAX
        is_tiktok
"""
