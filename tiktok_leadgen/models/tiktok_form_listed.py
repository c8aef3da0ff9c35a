from datetime import datetime, timedelta

from odoo import api, fields, models

from ..tiktok import instant_form
from ..tiktok.lead import DIRECT_MESSAGE

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - Odoo's times are UTC and say no zone

STATUSES = [
    ("published", "Published"),
    ("edited", "Draft"),
    ("gone", "Not at TikTok any more"),
]


class TiktokForm(models.Model):
    """What TikTok itself says of a form, where an ad account is connected."""

    _inherit = "tiktok.form"

    advertiser_id = fields.Many2one(
        "tiktok.advertiser",
        "Ad account",
        readonly=True,
        index=True,
        ondelete="set null",
        check_company=True,
    )
    lead_source = fields.Selection(
        [("INSTANT_FORM", "Instant Form"), ("DIRECT_MESSAGE", "Direct messages")],
        readonly=True,
        default="INSTANT_FORM",
        help="Leads by direct message have no form at TikTok; this row stands for it.",
    )
    status = fields.Selection(STATUSES, readonly=True)
    preview_url = fields.Char("Preview", readonly=True)
    published_at = fields.Datetime("Published on", readonly=True)
    library_uid = fields.Char(
        "Form library ID", readonly=True, help="Set if the form was moved to a Business Center."
    )
    is_wanted = fields.Boolean(
        "Receive leads",
        default=True,
        help="Matters where the ad account receives the leads of chosen forms only.",
    )
    updated_at = fields.Datetime("Changed at TikTok", readonly=True)
    questions_at = fields.Datetime("Questions as of", readonly=True)

    # === ACTION METHODS === #

    def action_preview(self):
        """Open the form as TikTok shows it."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.preview_url, "target": "new"}

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_values(self, company, lead):
        values = super()._prepare_values(company, lead)
        domain = [
            ("company_id", "=", company.id),
            ("advertiser_uid", "=", lead.advertiser_uid),
        ]
        advertiser = self.env["tiktok.advertiser"].sudo().search(domain, limit=1)
        values["advertiser_id"] = advertiser.id
        if lead.source == DIRECT_MESSAGE:
            name = lead.advertiser_name or advertiser.name or lead.advertiser_uid
            values["lead_source"] = DIRECT_MESSAGE
            values["name"] = lead.page_name or self.env._("Direct messages to %s", name)
        else:
            values["is_wanted"] = advertiser._wants_new_forms()
        return values

    @api.model
    def _keep_listed(self, advertiser, listed, hidden=()):
        """Make and change the forms of an ad account as TikTok lists them.

        :param advertiser: tiktok.advertiser
        :param list listed: all of `instant_form.Form`
        :param list hidden: ids of libraries that could not be looked into
        :raise psycopg2.errors.SerializationFailure: if another transaction did so meanwhile
        """
        wanted = {form.page_uid: form for form in listed}
        forms = self.sudo().with_context(active_test=False)
        company = [("company_id", "=", advertiser.company_id.id)]
        known = forms.search([*company, ("page_uid", "in", list(wanted))])
        for form in known:
            form._write_changes(self._listed_values(advertiser, wanted.pop(form.page_uid)))
        forms.create(
            [
                {
                    "page_uid": page_uid,
                    "company_id": advertiser.company_id.id,
                    "is_wanted": advertiser._wants_new_forms(),
                    **self._listed_values(advertiser, form),
                }
                for page_uid, form in wanted.items()
            ]
        )
        uids = [form.page_uid for form in listed]
        gone = [
            ("advertiser_id", "=", advertiser.id),
            ("page_uid", "not in", uids),
            ("status", "in", ("published", "edited")),
            *("|", ("library_uid", "=", False), ("library_uid", "not in", list(hidden))),
        ]
        forms.search(gone).write({"status": "gone"})

    @api.model
    def _listed_values(self, advertiser, form):
        return {
            "name": form.name or self.env._("Form %s", form.page_uid),
            "advertiser_id": advertiser.id,
            "advertiser_uid": advertiser.advertiser_uid,
            "library_uid": form.library_uid or False,
            "status": "published" if form.status == "PUBLISHED" else "edited",
            "preview_url": form.preview_url or False,
            "published_at": _moment(form.published),
            "updated_at": _moment(form.updated),
        }

    def _write_changes(self, values):
        """Write what is different: a daily look must not touch every row."""
        now = self.read(list(values), load=False)[0]
        changed = {name: value for name, value in values.items() if now[name] != value}
        if changed:
            self.write(changed)

    def _owner_uids(self):
        """Return whose the form is at TikTok, as `instant_form` and `Target` take it.

        :rtype: dict
        """
        self.ensure_one()
        if self.library_uid:
            return {"library_uid": self.library_uid}
        return {"advertiser_uid": self.advertiser_uid}

    def _lacks_questions(self):
        """Tell whether TikTok should be asked what the form asks."""
        if self.status not in ("published", "edited"):
            return False
        return not self.questions_at or bool(
            self.updated_at and self.updated_at > self.questions_at
        )

    def _fetch_questions(self, client):
        """Ask TikTok what the form asks, and have a row for each question.

        :param BusinessClient client: of the ad account
        :raise TiktokError: as TikTok refuses
        """
        self.ensure_one()
        labels = instant_form.labels(client, self.page_uid, **self._owner_uids())
        self.env["tiktok.form.question"].sudo()._foresee(self, labels)
        self.questions_at = fields.Datetime.now()


def _moment(seconds):
    """Return a time of TikTok's as Odoo keeps it, False for none."""
    return EPOCH + timedelta(seconds=seconds) if seconds else False
