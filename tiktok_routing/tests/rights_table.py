"""Who may read and write each field of this addon, and call each public method.

The letters are those of rights_table.py of tiktok_leadgen. Odoo has no company rule for members of
sales teams: a sales manager of another company reads and writes them, these fields too.
"""

TABLE = """
crm.lead
    read SMA
        tiktok_check_reason tiktok_routing_rule_id
    call SMA
        action_tiktok_check_fine action_tiktok_check_junk
crm.team.member
    read ISMDAX
        tiktok_daily_cap tiktok_weight
    write MAX
        tiktok_daily_cap tiktok_weight
res.company
    read MA
        tiktok_absence_fallback tiktok_check_junk tiktok_has_disposable_list
    write A
        tiktok_absence_fallback tiktok_check_junk
tiktok.lead.check
    read -
        digest
    read A
        company_id decided_at is_junk user_id
tiktok.round.robin
    read -
        day day_count share_end share_start
tiktok.routing.rule
    read SMA
        active answer_operator answer_value campaign_ids company_id condition_text country_ids
        form_ids is_owner_first lang_ids name preview_count preview_text priority problem question
        sequence tag_ids team_id user_id
    write A
        active answer_operator answer_value campaign_ids company_id condition_text country_ids
        form_ids is_owner_first lang_ids name preview_count preview_text priority problem question
        sequence tag_ids team_id user_id
"""
