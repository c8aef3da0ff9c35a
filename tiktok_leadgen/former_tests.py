"""Leads that were marked as tests and are none: they get what they would have had on arrival."""


def apply_form_settings(leads):
    """Set the team, stage and tags of the form on leads without a salesperson.

    :param leads: crm.lead that are no tests after all
    """
    for lead in leads._tiktok_filter_open().filtered(lambda lead: not lead.user_id):
        form = lead.tiktok_form_id
        team = form.team_id or lead._tiktok_find_team(lead._tiktok_get_company())
        if team and lead.team_id != team:
            stage = lead._stage_find(team_id=team.id, domain=[("fold", "=", False)])
            lead.write({"team_id": team.id, "stage_id": stage.id})
        lead.tag_ids += form.tag_ids


def assign_former_tests(leads):
    """Assign leads that were marked as tests, and start their clocks.

    :param leads: crm.lead that are no tests after all
    """
    leads = leads._tiktok_filter_open()
    assigned = leads.filtered("user_id")
    leads.env["tiktok.lead.notification"]._start_lead_clocks(assigned)
    leads.env["tiktok.assignment"]._assign_leads(leads - assigned)
    leads.env["tiktok.assignment"]._trigger_rules_job(leads)
