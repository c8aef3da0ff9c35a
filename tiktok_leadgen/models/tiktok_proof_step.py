import contextlib
import time

from markupsafe import Markup

from odoo import models
from odoo.tools import SQL, formatLang

from .. import const
from .res_company_overview import is_public_https

TRIED = ("assigned", "notified")
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


class _UndoneError(Exception):
    """Takes back what only should have been."""


class TiktokProof(models.Model):
    """What each step of a proof has to show, and what to check where it does not come."""

    _inherit = "tiktok.proof"

    def _find_steps(self, late):
        """Return the steps of the way; those after one that is missing are open.

        :param bool late: it took too long: say what to check
        :rtype: list[dict]
        """
        event = self._event()
        times = self._times(event)
        found, stopped = [], False
        for key, look in self._looks().items():
            if stopped:
                found.append({"key": key, "state": "open", "text": "", "ms": None})
                continue
            began = time.monotonic()
            state, text = look(event)
            spent = round((time.monotonic() - began) * 1000)
            if state == "waiting" and late:
                state, text = "failed", self._advise(event)
            stopped = state in ("waiting", "failed")
            moment = None if stopped else times.get(key)
            if key in TRIED and not stopped:
                # Only tried here; on a real lead it happens where the lead is made.
                moment = times[key] = times.get("made", 0) + spent
            found.append({"key": key, "state": state, "text": text, "ms": moment})
        return found

    def _looks(self):
        return {
            "created": self._look_created,
            "received": self._look_received,
            "proven": self._look_proven,
            "mapped": self._look_mapped,
            "made": self._look_made,
            "assigned": self._look_assigned,
            "notified": self._look_notified,
        }

    def _times(self, event):
        """Return the milliseconds since the beginning of what the database saw.

        :rtype: dict
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
        moments = {"received": received, "proven": received, "mapped": picked, "made": done}
        for key, moment in moments.items():
            if moment is not None:
                times[key] = max(0, round((float(moment) - self.began) * 1000))
        return times

    # === STEPS === #

    def _look_created(self, _event):
        if self.refusal:
            return "failed", self.refusal
        if self.form_id:
            return "ok", self.env._("A test lead of the form “%s”.", self.form_id.name)
        return "warned", self.env._(
            "TikTok was not asked: no ad account with a form is connected. Odoo made the test lead "
            "itself, so this proves its own part only."
        )

    def _look_received(self, event):
        if not event:
            return "waiting", ""
        if event.company_id != self.company_id:
            return "failed", self.env._(
                "It came to another company (%s). Each company needs its own address at TikTok.",
                event.company_id.name or self.env._("none"),
            )
        return "ok", ""

    def _look_proven(self, event):
        reason = dict(event._fields["reason"]._description_selection(self.env)).get(event.reason)
        if event.state == "quarantined":
            return "failed", self.env._(
                "It is kept aside: %s. Compare token and app secret with TikTok's.", reason
            )
        if event.signature == "right":
            return "ok", self.env._("The signature is right.")
        if event.signature == "wrong":
            return "warned", self.env._(
                "The token is right, the signature is wrong: compare the app secret with TikTok's."
            )
        if event.signature == "missing":
            return "warned", self.env._("The token is right. There was no signature.")
        return "warned", self.env._(
            "The token is right. The signature was not checked: enter the app secret in Settings."
        )

    def _look_mapped(self, event):
        if event.state in ("failed", "ignored"):
            return self._look_made(event)
        if event.state != "done" or not event.lead_id:
            return "waiting", event.error or ""
        lead = event.lead_id
        return "ok", self.env._("Answers read: %s.", len((lead.tiktok_answers or "").splitlines()))

    def _look_made(self, event):
        reason = dict(event._fields["reason"]._description_selection(self.env)).get(event.reason)
        if event.state in ("failed", "ignored") or not event.lead_id:
            return "failed", event.error or self.env._("No lead was made: %s.", reason or "?")
        return "ok", event.lead_id.name

    def _look_assigned(self, event):
        user, reason = self._would_get(event.lead_id)
        if user:
            return "ok", self.env._(
                "Test leads are given to nobody. %s would have got it.", user.name
            )
        if reason:
            labels = event.lead_id._fields["tiktok_unassigned_reason"]
            return "warned", dict(labels._description_selection(self.env))[reason]
        return "ok", self.env._("Leads are given out by hand: nobody gets it by itself.")

    def _look_notified(self, event):
        user, _reason = self._would_get(event.lead_id)
        if user:
            return "ok", self.env._("%s would have been told at once.", user.name)
        return "ok", self.env._("Nobody would have been told, as nobody gets it.")

    def _would_get(self, lead):
        """Return who would have got the lead and, if nobody, why; no turn is used up.

        :rtype: tuple
        """
        company, form, chosen = self.company_id, lead.tiktok_form_id, ([], False)
        team = form.team_id or lead._tiktok_team(company, test=True)
        with contextlib.suppress(_UndoneError), self.env.cr.savepoint():
            chosen = company._tiktok_choose(team, form.user_id, 1)
            raise _UndoneError
        return self.env["res.users"].browse(chosen[0][:1]), chosen[1]

    # === WHAT TO CHECK === #

    def _advise(self, event):
        """Say what to check when the next step does not come.

        :rtype: str
        """
        if event:
            return self._advise_inside(event)
        company = self.company_id
        base = company.get_base_url()
        if not is_public_https(base):
            return self.env._(
                "Nothing came within %(seconds)s seconds. TikTok can't reach %(address)s: Odoo "
                "needs a public address that begins with https://. Set it as web.base.url.",
                seconds=const.PROOF_SECONDS,
                address=base,
            )
        if self.advertiser_id and self.advertiser_id.leads_state != "on":
            return self.env._(
                "Nothing came within %s seconds: TikTok has no subscription of this ad account. "
                "Open it and press Receive leads.",
                const.PROOF_SECONDS,
            )
        return self.env._(
            "Nothing came within %s seconds. Look whether a firewall or proxy keeps TikTok out, "
            "and whether the subscription's address is this Odoo's. Should TikTok send no such "
            "test leads, submit the form's preview in Ads Manager.",
            const.PROOF_SECONDS,
        )

    def _advise_inside(self, event):
        if self.company_id.tiktok_job_is_off:
            return self.env._(
                "It came, but the scheduled action that makes leads is switched off. Switch it on "
                "on the page TikTok."
            )
        return event.error or self.env._(
            "It came, but no lead was made of it within %s seconds: does a worker for scheduled "
            "actions run (max_cron_threads)?",
            const.PROOF_SECONDS,
        )

    # === DRAWING === #

    def _draw(self, steps):
        titles = {
            "created": self.env._("Created at TikTok"),
            "received": self.env._("Webhook received"),
            "proven": self.env._("Sender proven"),
            "mapped": self.env._("Picked up and mapped"),
            "made": self.env._("Lead made"),
            "assigned": self.env._("Assigned"),
            "notified": self.env._("Notified"),
        }
        rows = [
            _STEP
            % (
                _ICONS[step["state"]],
                titles[step["key"]],
                step["text"] or "",
                "" if step["ms"] is None else self._duration(step["ms"]),
            )
            for step in steps
        ]
        return _LIST % Markup().join(rows)

    def _duration(self, milliseconds):
        return self.env._("%s ms", formatLang(self.env, milliseconds, digits=0))
