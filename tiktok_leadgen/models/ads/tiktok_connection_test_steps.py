import contextlib
import time

from markupsafe import Markup

from odoo import models
from odoo.tools import SQL, formatLang

from ... import const
from ...tiktok.public_url import is_public_https
from ...tiktok.values import isolate

SIMULATED = ("assigned", "notified")
_LIST = Markup('<div class="d-flex flex-column gap-2">%s</div>')
_STEP = Markup(
    '<div class="d-flex align-items-baseline gap-2"><i class="fa fa-fw %s" aria-hidden="true"></i>'
    '<div class="flex-grow-1"><b>%s</b><div class="text-muted" dir="auto">%s</div></div>'
    '<span class="text-nowrap text-muted">%s</span></div>'
)
_ICONS = {
    "ok": "fa-check-circle text-success",
    "warned": "fa-exclamation-circle text-warning",
    "failed": "fa-times-circle text-danger",
    "waiting": "fa-circle-o-notch fa-spin text-muted",
    "open": "fa-circle-o text-muted",
}


class TiktokConnectionTest(models.Model):
    """The steps of a connection test: checks, advice where one fails, and their display."""

    _inherit = "tiktok.connection.test"

    def _check_steps(self, is_late):
        """Check each step; those after one that is missing are open.

        :param bool is_late: the lead took too long: advise what to check
        :return: ``key``, ``state``, ``text`` and ``ms`` (since the beginning) of each step
        :rtype: list[dict]
        """
        event = self._find_event()
        times = self._measure_times(event)
        steps, stopped = [], False
        for key, check in self._get_step_checks().items():
            if stopped:
                steps.append({"key": key, "state": "open", "text": "", "ms": None})
                continue
            began = time.monotonic()
            state, text = check(event)
            spent = round((time.monotonic() - began) * 1000)
            if state == "waiting" and is_late:
                state, text = "failed", self._advise_user(event)
            stopped = state in ("waiting", "failed")
            moment = None if stopped else times.get(key)
            if key in SIMULATED and not stopped:
                # Only simulated here; a real lead is assigned when it is created.
                moment = times[key] = times.get("lead_created", 0) + spent
            steps.append({"key": key, "state": state, "text": text, "ms": moment})
        return steps

    def _get_step_checks(self):
        """Return the checks by the key of their step, in order.

        :rtype: dict
        """
        return {
            "created": self._check_created,
            "received": self._check_received,
            "verified": self._check_verified,
            "mapped": self._check_mapped,
            "lead_created": self._check_lead_created,
            "assigned": self._check_assigned,
            "notified": self._check_notified,
        }

    def _measure_times(self, event):
        """Measure when each step was done, as far as the database tells.

        :param event: tiktok.event of the test lead
        :return: milliseconds since the beginning, by key of the step
        :rtype: dict[str, int]
        """
        times = {"created": self.created_ms}
        if not event:
            return times
        query = SQL(
            """SELECT extract(epoch FROM event.received_at), extract(epoch FROM event.done_at),
                      extract(epoch FROM lead.create_date)
                 FROM tiktok_event event LEFT JOIN crm_lead lead ON lead.id = event.lead_id
                WHERE event.id = %s""",
            event.id,
        )
        received, done, picked = self.env.execute_query(query)[0]
        moments = {
            "received": received,
            "verified": received,
            "mapped": picked,
            "lead_created": done,
        }
        for key, moment in moments.items():
            if moment is not None:
                times[key] = max(0, round((float(moment) - self.began) * 1000))
        return times

    # === CHECKS: each takes the event and returns the state and text of its step === #

    def _check_created(self, _event):
        if self.refusal:
            return "failed", self.refusal
        if self.form_id:
            return "ok", self.env._("A test lead of the form “%s”.", isolate(self.form_id.name))
        return "warned", self.env._(
            "The test did not use TikTok: no ad account with a form is connected. Odoo "
            "created the test lead itself, so this tests Odoo only."
        )

    def _check_received(self, event):
        if not event:
            return "waiting", ""
        if event.company_id != self.company_id:
            return "failed", self.env._(
                "Received by another company (%s). Each company needs its own webhook "
                "URL at TikTok.",
                isolate(event.company_id.name) or self.env._("none"),
            )
        return "ok", ""

    def _check_verified(self, event):
        reason = dict(event._fields["reason"]._description_selection(self.env)).get(event.reason)
        if event.state == "quarantined":
            return "failed", self.env._(
                "Quarantined: %s. Compare the token and app secret with TikTok's.", reason
            )
        if event.signature == "right":
            return "ok", self.env._("The signature is valid.")
        if event.signature == "wrong":
            return "warned", self.env._(
                "The token is valid, the signature is invalid: compare the app secret "
                "with TikTok's."
            )
        if event.signature == "missing":
            return "warned", self.env._("The token is valid. There was no signature.")
        return "warned", self.env._(
            "The token is valid. The signature was not checked: enter the app secret in Settings."
        )

    def _check_mapped(self, event):
        if event.state in ("failed", "ignored"):
            return self._check_lead_created(event)
        if event.state != "done" or not event.lead_id:
            return "waiting", event.error or ""
        lead = event.lead_id
        return "ok", self.env._(
            "Answers updated: %s.", len((lead.tiktok_answers or "").splitlines())
        )

    def _check_lead_created(self, event):
        reason = dict(event._fields["reason"]._description_selection(self.env)).get(event.reason)
        if event.state in ("failed", "ignored") or not event.lead_id:
            return "failed", event.error or self.env._("No lead was created: %s.", reason or "?")
        return "ok", event.lead_id.name

    def _check_assigned(self, event):
        user, reason = self._simulate_assignment(event.lead_id)
        if user:
            return "ok", self.env._(
                "Test leads are not assigned. %s would have received it.", isolate(user.name)
            )
        if reason:
            labels = event.lead_id._fields["tiktok_unassigned_reason"]
            label = dict(labels._description_selection(self.env))[reason]
            return "warned", self.env._("Unassigned: %s.", label)
        return "warned", self.env._(
            "Unassigned: leads are assigned manually. Choose on the TikTok page who gets them."
        )

    def _check_notified(self, event):
        user, _reason = self._simulate_assignment(event.lead_id)
        if user:
            return "ok", self.env._("%s would have been notified immediately.", isolate(user.name))
        return "warned", self.env._("No salesperson would have been notified, as none is assigned.")

    def _simulate_assignment(self, lead):
        """Find the salesperson the lead would be assigned to; the round robin stays as it is.

        :param lead: crm.lead of the test
        :return: res.users, and why there is none
        :rtype: tuple
        """
        company, form = self.company_id, lead.tiktok_form_id
        team = form.team_id or lead._tiktok_find_team(company, test=True)
        with contextlib.closing(self.env.cr.savepoint()):  # closing it rolls back
            assignment = self.env["tiktok.assignment"]
            chosen = assignment._choose_salespeople(company, team, form.user_id, 1)
        return self.env["res.users"].browse(chosen[0][:1]), chosen[1]

    # === ADVICE === #

    def _advise_user(self, event):
        """Advise what to check when the next step takes too long.

        :param event: tiktok.event of the test lead, if it was received
        :rtype: str
        """
        if event:
            return self._advise_on_processing(event)
        company = self.company_id
        base = company.get_base_url()
        if not is_public_https(base):
            return self.env._(
                "Nothing was received within %(seconds)s seconds. TikTok cannot reach "
                "%(address)s: Odoo needs a public URL that begins with https://. Set it "
                "as web.base.url.",
                seconds=const.CONNECTION_TEST_SECONDS,
                address=isolate(base),
            )
        if self.advertiser_id and self.advertiser_id.leads_state != "on":
            return self.env._(
                "Nothing was received within %s seconds: TikTok has no subscription for "
                "this ad account. Open it and click Receive Leads.",
                const.CONNECTION_TEST_SECONDS,
            )
        return self.env._(
            "Nothing was received within %s seconds. Check that no firewall or proxy "
            "blocks TikTok, and that the subscription's URL is this Odoo's. If TikTok "
            "does not send such test leads, submit the form's preview in Ads Manager.",
            const.CONNECTION_TEST_SECONDS,
        )

    def _advise_on_processing(self, event):
        if self.company_id.tiktok_job_is_off:
            return self.env._(
                "Received, but the scheduled action that creates leads is turned off. "
                "Turn it on on the TikTok page."
            )
        return event.error or self.env._(
            "Received, but no lead was created within %s seconds. Check that a worker "
            "for scheduled actions is running (max_cron_threads).",
            const.CONNECTION_TEST_SECONDS,
        )

    # === DISPLAY === #

    def _render_steps(self, steps):
        """Render the steps with an icon, a text and a time each.

        :param list steps: as `_check_steps` returns them
        :rtype: Markup
        """
        titles = {
            "created": self.env._("Created at TikTok"),
            "received": self.env._("Webhook received"),
            "verified": self.env._("Verified sender"),
            "mapped": self.env._("Processed and mapped"),
            "lead_created": self.env._("Lead created"),
            "assigned": self.env._("Assigned"),
            "notified": self.env._("Notified"),
        }
        rows = [
            _STEP
            % (
                _ICONS[step["state"]],
                titles[step["key"]],
                step["text"] or "",
                "" if step["ms"] is None else self._format_duration(step["ms"]),
            )
            for step in steps
        ]
        return _LIST % Markup().join(rows)

    def _format_duration(self, milliseconds):
        return self.env._("%s ms", formatLang(self.env, milliseconds, digits=0))
