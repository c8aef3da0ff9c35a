"""Who may read and write each field of this addon, and call each public method.

The letters of each right: P public, O portal, I internal user without Sales, S salesperson, M sales
manager, D administrator of the database without Sales, A TikTok administrator, X TikTok
administrator of another company; - no one. A field that is not listed as written is read-only.
"""

from .rights_table_r_to_z import SECOND_PART

FIRST_PART = """
crm.lead
    read SMA
        tiktok_ad_name tiktok_ad_uid tiktok_adgroup_name tiktok_adgroup_uid tiktok_advertiser_id
        tiktok_advertiser_uid tiktok_answer_team_id tiktok_answers tiktok_answers_table
        tiktok_assigned_at tiktok_call_due_at tiktok_call_minutes tiktok_campaign_name
        tiktok_campaign_uid tiktok_consent tiktok_consent_at tiktok_consent_version
        tiktok_converted_by_rules tiktok_earlier_ids tiktok_event_count tiktok_event_id
        tiktok_event_ids tiktok_first_contact_at tiktok_first_contact_how
        tiktok_first_contact_user_id tiktok_form_id tiktok_is_test tiktok_last_assigned_at
        tiktok_lead_uid tiktok_mapping_notes tiktok_mapping_version tiktok_merged_answers
        tiktok_opens_at tiktok_other_lead_count tiktok_owner_ids tiktok_phone_country_id
        tiktok_phone_country_ids tiktok_phone_issue tiktok_previous_user_ids tiktok_reassign_at
        tiktok_received_at tiktok_remind_at tiktok_reminded tiktok_repeat_at
        tiktok_repeat_campaign_id tiktok_repeat_form_id tiktok_response_seconds
        tiktok_response_work_seconds tiktok_submitted_at tiktok_unassigned_reason
    write MA
        tiktok_lead_uid
    write SMA
        tiktok_phone_country_id
    call -
        action_tiktok_personal_data
    call SMA
        action_tiktok_not_a_test action_tiktok_open_event
crm.team
    read ISMDA
        tiktok_calendar_id tiktok_tz
    write MA
        tiktok_calendar_id tiktok_tz
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
crm.tag
    read -
        tiktok_from_answer
res.company
    read -
        tiktok_app_secret_sealed tiktok_client_secret_sealed tiktok_webhook_token
    read A
        tiktok_app_id tiktok_app_secret tiktok_client_key tiktok_client_secret
        tiktok_old_token_until tiktok_token_grace_hours tiktok_webhook_url
        tiktok_webhook_url_masked
    read MA
        has_tiktok_app_secret has_tiktok_client_secret tiktok_accept_untrusted tiktok_assignment
        tiktok_assignment_hint tiktok_assignment_text tiktok_broken_count tiktok_broken_fix
        tiktok_broken_others tiktok_broken_text tiktok_business_redirect_uri tiktok_call_minutes
        tiktok_can_configure tiktok_can_reconcile tiktok_connected_ads tiktok_created_today
        tiktok_failed_count tiktok_has_business_app tiktok_healing_text tiktok_job_is_off
        tiktok_last_lead_id tiktok_last_lead_ms tiktok_last_lead_name tiktok_last_received_at
        tiktok_lead_method tiktok_leadgen_enabled tiktok_mapping_text tiktok_method_text
        tiktok_no_contact_count tiktok_quarantined_count tiktok_quarantined_since
        tiktok_reassign_minutes tiktok_received_today tiktok_reconciliation_at
        tiktok_reconciliation_is_open tiktok_reconciliation_missing tiktok_reconciliation_progress
        tiktok_reconciliation_text tiktok_remind tiktok_repeat_policy tiktok_responsible_id
        tiktok_retention_days tiktok_round_robin tiktok_setup_closed tiktok_setup_is_complete
        tiktok_signature_policy tiktok_step_assignment tiktok_step_lead tiktok_step_mapping
        tiktok_step_method tiktok_team_id tiktok_unassigned_count tiktok_url_is_local
        tiktok_user_id tiktok_waiting_count tiktok_waiting_text tiktok_wrong_signature_count
    write A
        tiktok_accept_untrusted tiktok_app_id tiktok_app_secret tiktok_assignment
        tiktok_call_minutes tiktok_client_key tiktok_client_secret tiktok_lead_method
        tiktok_leadgen_enabled tiktok_reassign_minutes tiktok_remind tiktok_repeat_policy
        tiktok_responsible_id tiktok_retention_days tiktok_setup_closed tiktok_signature_policy
        tiktok_team_id tiktok_token_grace_hours tiktok_user_id
    call A
        action_tiktok_assign_waiting action_tiktok_check action_tiktok_choose_method
        action_tiktok_connect_ads action_tiktok_fix action_tiktok_job_on action_tiktok_new_token
        action_tiktok_reconcile action_tiktok_reseal action_tiktok_revoke_old_token
        action_tiktok_save_and_connect action_tiktok_send_test_lead action_tiktok_switch
        action_tiktok_test_connection action_tiktok_toggle_setup
    call MA
        action_tiktok_open_last_lead action_tiktok_overview action_tiktok_view_broken
        action_tiktok_view_events action_tiktok_view_mapping action_tiktok_view_no_contact
        action_tiktok_view_reconciliation action_tiktok_view_unassigned
res.config.settings
    read -
        tiktok_app_id tiktok_app_id_state tiktok_app_secret tiktok_app_secret_state
        tiktok_business_redirect_uri tiktok_client_key tiktok_client_key_state tiktok_client_secret
        tiktok_client_secret_state tiktok_developer_webhook_url tiktok_key_state tiktok_missing
        tiktok_redirect_uri tiktok_webhook_url tiktok_webhook_url_masked
    call -
        action_tiktok_check action_tiktok_reseal
    call D
        action_tiktok_new_health_token
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
        is_verified last_sync_at likes_count missing_scope_ids name nickname open_id profile_url
        redirect_uri removed_reason renews_until scope_ids stat_ids state stats_graph
        stored_video_count sync_error sync_is_under_way sync_next_at sync_progress sync_requested
        sync_run sync_text sync_user_id token_problem user_id username video_count video_ids
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
        business_token_id is_recovery_due
    read MA
        reconciliation_ids
    read SMA
        active advertiser_uid company_id connected_at consent_count country_id disconnect_next_at
        disconnect_reason form_count form_ids has_duplicates has_others health health_checked_at
        health_fix health_notified health_problem health_reason health_reconciliation_id
        health_tried_at health_unchecked_since is_disconnecting is_stopped is_unconfirmed
        last_sync_at lead_count leads_state library_names name reconciled_at reconciliation_id
        reconciliation_is_first reconciliation_progress reconciliation_state
        reconciliation_status_text reconciliation_text removed_reason state subscribe_to
        subscribed_since subscription_ids subscriptions_checked_at sync_error sync_next_at
        sync_requested user_id wants_leads with_messages
    write A
        active advertiser_uid company_id country_id form_ids name subscribe_to user_id
        with_messages
    call A
        action_cancel_reconciliation action_check_health action_connect action_disconnect
        action_disconnect_all action_fix action_reconcile action_refresh_subscriptions
        action_resume_reconciliation action_subscribe action_sync action_test_connection
        action_unsubscribe
    call AX
        action_connect_ads
    call SMA
        action_view_forms action_view_leads action_view_reconciled_days action_view_reconciliations
tiktok.reconciliation
    read MA
        accepted_count advertiser_id attempt_count bad_count company_id done_at error export_ids
        failed_count is_first more_count new_count next_at progress row_count started_at state
        status_text test_count user_id
    call A
        action_cancel action_resume
    call MA
        action_view_exports
tiktok.reconciliation.export
    read MA
        accepted_count attempt_count bad_count careful_until company_id days error failed_count
        form_id interrupted_count is_echo lines mark more_count new_count next_request_at position
        reconciliation_id region request_count row_count state task_uid test_count waits
tiktok.business.token
    read -
        advertiser_ids app_uid company_id is_dead token_sealed user_id
tiktok.event
    read -
        import_digest
    read MA
        account_id address_class attempt_ids content found_by_lead headers headers_table import_id
        person raw raw_pretty timeline
    read SMA
        accepted_at accepted_by advertiser_uid attempt_count company_id dedup_key discarded_at
        discarded_by discarded_reason discarded_state done_at error event_name exported_at form_id
        history kind lead_id lead_ms lead_uid next_try_at note_id page_uid raw_size reason
        received_at recognized_by repeat_ids replayed_at replayed_by restored_at restored_by
        scrubbed_at signature source state structure submitted_at verification
    call A
        action_map_relay
    call MA
        action_accept action_copy_as_curl action_discard action_download_redacted
        action_open_decision action_replay action_restore
    call SMA
        action_open_lead
tiktok.event.attempt
    read MA
        attempted_at batch_size duration_ms error event_id reason result
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
        active advertiser_id advertiser_uid company_id default_country_id default_ids has_property
        has_split is_selected last_lead_at lead_count lead_source library_uid mapping_version
        missing_lead_count name odoo_lead_count page_uid preview_url published_at question_ids
        questions_at reconciled_at reconciliation_text repeat_policy silent_since status
        suggestion_count tag_ids team_id tiktok_lead_count updated_at user_id value_ids
    write MA
        active default_country_id default_ids is_selected name question_ids repeat_policy tag_ids
        team_id user_id value_ids
    call A
        action_test_connection
    call MA
        action_add_seen_answers action_apply_mapping action_confirm_all action_undo_mapping
    call SMA
        action_preview action_view_leads action_view_reconciled_days
tiktok.form.default
    read SMA
        company_id field_name form_id result_text value
    write MA
        field_name form_id value
tiktok.form.value
    read SMA
        answer company_id form_id priority question_id result_text tag_ids team_id value
    write MA
        answer form_id priority question_id tag_ids team_id value
tiktok.form.question
    read MA
        is_unparsable last_answer result_text
    read SMA
        aliases company_id field_name form_id is_confirmed last_field_name name property_name
        sequence target value_ids
    write MA
        field_name last_field_name property_name sequence target value_ids
    call MA
        action_confirm
tiktok.job.attempt
    read -
        attempts job record_id started_at
tiktok.lead.import
    read -
        held_ids tables
    read MA
        attachment_ids company_id done_at error event_count is_undoing known_count line_ids name
        new_count position progress refused_count report report_html retained_counts row_count
        started_at state status_text undone_count unlisted_count user_id
    write MA
        attachment_ids
    call MA
        action_cancel action_check action_import action_undo action_view_events action_view_leads
tiktok.lead.import.line
    read MA
        company_id file import_id reason row
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
"""
TABLE = FIRST_PART + SECOND_PART
