"""Who may read and write each field of this addon, and call each public method.

The letters of each right: P public, O portal, I internal user without Sales, S salesperson, M sales
manager, D administrator of the database without Sales, A TikTok administrator, X TikTok
administrator of another company; - nobody. Nobody writes a field that is not listed as written.
"""

TABLE = """
crm.lead
    read SMA
        tiktok_ad_name tiktok_ad_uid tiktok_adgroup_name tiktok_adgroup_uid tiktok_advertiser_id
        tiktok_advertiser_uid tiktok_answers tiktok_answers_table tiktok_assigned_at
        tiktok_call_due_at tiktok_call_minutes tiktok_campaign_name tiktok_campaign_uid
        tiktok_consent tiktok_consent_at tiktok_consent_version tiktok_converted_by_rules
        tiktok_earlier_ids tiktok_event_count tiktok_event_id tiktok_event_ids
        tiktok_first_contact_at tiktok_first_contact_how tiktok_first_contact_user_id tiktok_form_id
        tiktok_given_at tiktok_had_user_ids tiktok_handover_at tiktok_is_test tiktok_lead_uid
        tiktok_mapping_notes tiktok_mapping_version tiktok_merged_answers tiktok_other_lead_count
        tiktok_owner_ids tiktok_received_at tiktok_remind_at tiktok_reminded tiktok_repeat_at
        tiktok_repeat_campaign_id tiktok_repeat_form_id tiktok_response_seconds tiktok_submitted_at
        tiktok_unassigned_reason
    write MA
        tiktok_lead_uid
    call -
        action_tiktok_personal_data
    call SMA
        action_tiktok_not_a_test action_tiktok_open_event
mail.activity
    read SMA
        tiktok_call
privacy.lookup.wizard
    read D
        tiktok_lead_id tiktok_line_ids tiktok_phone
    write D
        tiktok_lead_id tiktok_line_ids tiktok_phone
    call D
        action_lookup action_tiktok_erase action_tiktok_export_csv action_tiktok_export_json
privacy.lookup.wizard.line
    read D
        tiktok_match tiktok_selected
    write D
        tiktok_match tiktok_selected
    call D
        action_tiktok_erase action_unlink
res.company
    read -
        tiktok_app_secret_sealed tiktok_client_secret_sealed tiktok_webhook_token
    read A
        tiktok_app_id tiktok_app_secret tiktok_client_key tiktok_client_secret
        tiktok_old_token_until tiktok_token_grace_hours tiktok_webhook_url tiktok_webhook_url_masked
    read MA
        has_tiktok_app_secret has_tiktok_client_secret tiktok_accept_untrusted tiktok_assignment
        tiktok_assignment_hint tiktok_broken_count tiktok_broken_fix tiktok_broken_others
        tiktok_broken_text tiktok_call_minutes tiktok_can_compare tiktok_can_configure
        tiktok_connected_ads tiktok_created_today tiktok_failed_count tiktok_handover_minutes
        tiktok_healing_text tiktok_job_is_off tiktok_last_received_at tiktok_leadgen_enabled
        tiktok_ledger_at tiktok_ledger_is_open tiktok_ledger_missing tiktok_ledger_progress
        tiktok_ledger_text tiktok_pkce tiktok_quarantined_count tiktok_quarantined_since
        tiktok_received_today tiktok_remind tiktok_repeat_policy tiktok_responsible_id
        tiktok_retention_days tiktok_signature_policy tiktok_team_id tiktok_turns
        tiktok_unassigned_count tiktok_url_is_local tiktok_user_id tiktok_waiting_count
        tiktok_waiting_text
        tiktok_wrong_signature_count
    write A
        tiktok_accept_untrusted tiktok_app_id tiktok_app_secret tiktok_assignment
        tiktok_call_minutes tiktok_client_key tiktok_client_secret tiktok_handover_minutes
        tiktok_leadgen_enabled tiktok_pkce tiktok_remind tiktok_repeat_policy tiktok_responsible_id
        tiktok_retention_days tiktok_signature_policy tiktok_team_id tiktok_token_grace_hours
        tiktok_user_id
    call A
        action_tiktok_check action_tiktok_compare action_tiktok_connect_ads action_tiktok_job_on
        action_tiktok_mend action_tiktok_new_token action_tiktok_prove action_tiktok_reseal
        action_tiktok_revoke_old_token action_tiktok_send_test_lead action_tiktok_switch
    call MA
        action_tiktok_overview action_tiktok_view_broken action_tiktok_view_events
        action_tiktok_view_ledger action_tiktok_view_unassigned
res.config.settings
    read -
        tiktok_app_id tiktok_app_id_state tiktok_app_secret tiktok_app_secret_state
        tiktok_business_redirect_uri tiktok_client_key tiktok_client_key_state tiktok_client_secret
        tiktok_client_secret_state tiktok_developer_webhook_url tiktok_key_state tiktok_missing
        tiktok_pkce tiktok_redirect_uri tiktok_webhook_url tiktok_webhook_url_masked
    call -
        action_tiktok_check action_tiktok_reseal
res.partner
    read SMA
        tiktok_first_at tiktok_first_campaign tiktok_last_at tiktok_last_campaign tiktok_lead_count
    write SMA
        tiktok_first_at tiktok_first_campaign tiktok_last_at tiktok_last_campaign tiktok_lead_count
    call SMA
        action_tiktok_view_leads
res.users
    read SMAX
        tiktok_first_at tiktok_first_campaign tiktok_last_at tiktok_last_campaign tiktok_lead_count
tiktok.account
    read MA
        active avatar_key bio company_id connected_at disconnect_next_at disconnect_reason
        event_count follower_count following_count granted_scope_ids image_1920 is_disconnecting
        is_verified kept_video_count last_sync_at likes_count missing_scope_ids name nickname
        open_id profile_url redirect_uri removed_reason renews_until scope_ids stat_ids state
        stats_graph sync_error sync_is_under_way sync_next_at sync_progress sync_requested sync_run
        sync_text sync_user_id token_problem user_id username video_count video_ids
    write A
        active company_id name scope_ids user_id
    call A
        action_connect action_disconnect action_sync
    call MA
        action_open_history action_open_videos action_view_events
tiktok.account.stat
    read MA
        account_id company_id date follower_count following_count likes_count video_count
tiktok.advertiser
    read -
        business_token_id
    read MA
        backfill_ids
    read SMA
        active advertiser_uid backfill_id backfill_is_first backfill_progress backfill_state
        backfill_text company_id connected_at consent_count disconnect_next_at disconnect_reason
        form_count form_ids has_duplicates has_others health health_backfill_id health_checked_at
        health_fix health_problem health_reason health_told health_tried_at health_unchecked_since
        is_disconnecting is_stopped is_unconfirmed last_sync_at lead_count leads_state ledger_at
        ledger_text library_names looked_at name removed_reason state subscribe_to subscribed_since
        subscription_ids sync_error sync_next_at sync_requested user_id wants_leads with_messages
    write A
        active advertiser_uid company_id form_ids name subscribe_to user_id with_messages
    call A
        action_cancel_compare action_check_health action_compare action_connect action_disconnect
        action_disconnect_all action_look action_mend action_prove action_resume_compare
        action_subscribe action_sync action_unsubscribe
    call AX
        action_connect_ads
    call SMA
        action_view_backfills action_view_forms action_view_leads action_view_ledger
tiktok.backfill
    read MA
        accepted_count advertiser_id bad_count company_id done_at error is_first more_count
        new_count next_at part_ids progress row_count started_at state status_text test_count tries
        user_id
    call A
        action_cancel action_resume
    call MA
        action_view_parts
tiktok.backfill.part
    read MA
        accepted_count backfill_id bad_count company_id days error form_id is_echo lines look_at
        looks mark more_count new_count position region row_count state task_uid test_count tries
        waits
tiktok.business.token
    read -
        advertiser_ids app_uid company_id is_dead token_sealed user_id
tiktok.event
    read MA
        account_id attempt_ids content person raw raw_pretty
    read SMA
        advertiser_uid company_id dedup_key discarded_at discarded_by discarded_reason
        discarded_state done_at error event_name exported_at form_id history kind lead_id lead_uid
        next_try_at note_id page_uid raw_size reason received_at recognized_by repeat_ids
        restored_at restored_by scrubbed_at signature source state submitted_at tries trust
    call MA
        action_accept action_discard action_open_decision action_replay action_restore
    call SMA
        action_open_lead
tiktok.event.attempt
    read MA
        attempted_at batch_size duration_ms error event_id reason result
tiktok.event.claim
    read -
        attempts claimed_at event_id
tiktok.event.decision
    read -
        decision event_count event_ids skipped_count
    call -
        action_confirm
tiktok.event.repeat
    read SMA
        company_id event_id received_at source
tiktok.form
    read -
        mapping_history
    read MA
        run_id run_percent run_state run_text sample_text
    read SMA
        active advertiser_id advertiser_uid company_id default_ids guess_count has_property
        has_split is_wanted last_lead_at lead_count lead_source ledger_at ledger_missing_count
        ledger_odoo_count ledger_text ledger_tiktok_count library_uid mapping_version name page_uid
        preview_url published_at question_ids questions_at repeat_policy silent_since status tag_ids
        team_id updated_at user_id
    write MA
        active default_ids is_wanted name question_ids repeat_policy tag_ids team_id user_id
    call A
        action_prove
    call MA
        action_apply_mapping action_confirm_all action_undo_mapping
    call SMA
        action_preview action_view_leads action_view_ledger
tiktok.form.default
    read SMA
        company_id field_name form_id read_as value
    write MA
        field_name form_id value
tiktok.form.question
    read MA
        is_unread last_answer read_as
    read SMA
        company_id field_name form_id is_confirmed last_field_name name property_name sequence
        spellings target
    write MA
        field_name last_field_name property_name sequence target
    call MA
        action_confirm
tiktok.lead.report
    read SMA
        ad_name ad_uid adgroup_name adgroup_uid advertiser_uid assigned_at campaign_name
        campaign_uid company_id contacted_count expected_revenue first_contact_at form_id is_open
        lead_count lead_id lost_count qualified_count received_at response_minutes response_seconds
        stage_id submitted_at team_id user_id waiting_count won_count won_status
    call SMA
        action_open_lead action_open_leads
    call SMAX
        action_open_events action_overview
tiktok.ledger.day
    read MA
        advertiser_id backfill_count checked_at company_id day deleted_count difference
        elsewhere_count extra_count form_id missing_count odoo_count refused_count test_count
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
        change_ids
    read MA
        changed_count company_id done_count failed_count form_id gone_count last_lead state total
        user_id
tiktok.oauth.state
    read -
        account_id company_id expires_at redirect_uri state_hash tokens_sealed used_at user_id
        verifier_sealed
tiktok.origin
    read SMA
        company_id is_stale kind name told_at uid
tiktok.proof
    read A
        advertiser_id began company_id created_ms form_id has_warnings lead_uid leftover refusal
        state steps steps_html user_id
    call A
        action_again action_look
tiktok.revocation
    read -
        account_id advertiser_id attempts company_id kind next_at open_id reason refresh_sealed
        token_sealed
tiktok.scope
    read MAX
        is_default label lost name sequence
tiktok.subscription
    read SMA
        about advertiser_id company_id kind lead_source library_uid page_uid place subscription_uid
tiktok.token
    read -
        access_expires_at access_life access_sealed account_id is_dead refresh_expires_at
        refresh_sealed tried_at
tiktok.turn
    read -
        last_turn team_id user_id
tiktok.video
    read MA
        account_id active comment_count company_id description duration embed_link height image_1920
        like_count published_at seen_run share_count share_url title video_uid view_count width
tiktok.webhook.token
    read -
        company_id expires_at token_hash token_sealed
utm.campaign
    read ISMDAX
        is_tiktok
"""
