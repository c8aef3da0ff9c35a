"""Who may read and write each field of this addon, and call each public method.

The letters are those of rights_table.py of tiktok_leadgen.
"""

TABLE = """
crm.lead
    read SMA
        tiktok_attempt_ids tiktok_first_message_ids tiktok_is_wrong_number tiktok_next_try_at
        tiktok_open_attempt_id tiktok_try_remind_at tiktok_whatsapp_text
    call SMA
        action_tiktok_assign_to_me action_tiktok_set_outcome action_tiktok_start_attempt
        action_tiktok_undo_outcome
digest.digest
    read ISMDAX
        kpi_tiktok_leads kpi_tiktok_reached kpi_tiktok_response kpi_tiktok_waiting
    read SMAX
        kpi_tiktok_leads_value kpi_tiktok_reached_value kpi_tiktok_response_value
        kpi_tiktok_waiting_value
    write D
        kpi_tiktok_leads kpi_tiktok_leads_value kpi_tiktok_reached kpi_tiktok_reached_value
        kpi_tiktok_response kpi_tiktok_response_value kpi_tiktok_waiting kpi_tiktok_waiting_value
mail.activity
    read SMA
        tiktok_attempt_id
res.company
    read MA
        tiktok_alert_email tiktok_alert_push tiktok_lost_reason_id tiktok_message_email
        tiktok_message_template_id tiktok_message_timing tiktok_retry_pattern tiktok_whatsapp_text
    write A
        tiktok_alert_email tiktok_alert_push tiktok_lost_reason_id tiktok_message_email
        tiktok_message_template_id tiktok_message_timing tiktok_retry_pattern tiktok_whatsapp_text
tiktok.contact.attempt
    read -
        after before
    read SMA
        channel company_id lead_id outcome outcome_at started_at user_id
tiktok.first.message
    read -
        mail_message_id
    read SMA
        channel company_id due_at failure_count lead_id reason sent_at state
tiktok.form
    read SMA
        first_message first_message_lang_id first_message_template_id
    write MA
        first_message first_message_lang_id first_message_template_id
tiktok.lead.alert
    read -
        mail_id
    read MA
        company_id done_at due_at failure_count is_mailed is_popup_due is_pushed kind lead_id
        user_id
"""
