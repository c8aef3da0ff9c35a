"""A team at work, and what a salesperson does with a lead."""

from odoo.addons.tiktok_leadgen.tests.common_speed import NOW, SpeedCommon


class ContactCommon(SpeedCommon):
    """Nothing but the team: messages are off, as after the installation."""

    def start_attempt(self, lead, user=None, channel="call"):
        """Log a call of a salesperson, by default the lead's own, and return the lead as theirs.

        :param lead: crm.lead
        :param user: res.users
        :param str channel: call or whatsapp
        :rtype: crm.lead
        """
        lead = lead.with_user(user or lead.user_id).with_context(tracking_disable=False)
        lead.action_tiktok_start_attempt(channel)
        return lead

    def set_outcome(self, lead, outcome, user=None, channel="call"):
        """Log a call and its outcome.

        :param lead: crm.lead
        :param str outcome: its key
        :param user: res.users
        :param str channel: call or whatsapp
        :return: what the bar shows
        :rtype: dict
        """
        return self.start_attempt(lead, user, channel).action_tiktok_set_outcome(outcome)

    def run_own_cron(self, name):
        """Run one of this addon's scheduled actions.

        :param str name: of its record
        """
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"tiktok_first_contact.{name}").method_direct_trigger()
        self.env.invalidate_all()


__all__ = ["NOW", "ContactCommon"]
