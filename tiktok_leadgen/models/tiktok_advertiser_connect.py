from odoo import api, fields, models

RECONNECT = "tiktok_leadgen.mail_activity_type_reconnect_ads"


class TiktokAdvertiser(models.Model):
    """How ad accounts get their consent, and how they lose it."""

    _inherit = "tiktok.advertiser"

    consent_count = fields.Integer(
        compute="_compute_consent_count", help="Ad accounts that live on the same consent."
    )

    # === COMPUTE METHODS === #

    def _compute_consent_count(self):
        connected = [("state", "=", "connected")]
        for advertiser in self:
            token = advertiser.sudo().business_token_id
            siblings = [("business_token_id", "=", token.id), *connected]
            advertiser.consent_count = token and self.sudo().search_count(siblings)

    # === ACTION METHODS === #

    @api.model
    def action_connect_ads(self):
        """Send the browser to TikTok's consent page, for the company one works in."""
        return self.env.company.action_tiktok_connect_ads()

    def action_connect(self):
        """Send the browser to TikTok's consent page; it brings all ad accounts chosen there."""
        self.ensure_one()
        self.check_access("write")
        return self.company_id.action_tiktok_connect_ads()

    # === CONSENT === #

    @api.model
    def _connect_all(self, company, grant, names, choices):
        """Connect the ad accounts of a consent.

        :param company: res.company where the consent was asked for
        :param business_login.Grant grant: what TikTok gave
        :param dict names: by TikTok's id
        :param dict choices: id of the company by TikTok's id; 0 leaves one out
        :return: those connected, and the names of those that another company holds
        :rtype: tuple[tiktok.advertiser, list[str]]
        """
        held = self._held(names)
        allowed = self.env.user.company_ids
        token = self.env["tiktok.business.token"]._keep(company, grant)
        connected, refused = self.browse(), []
        for uid, name in names.items():
            company_id = choices.get(uid, company.id)
            if uid in held and held[uid].company_id not in allowed:
                refused.append(name or uid)
            elif company_id:
                found = held.get(uid) or self._make(uid, name, company_id)
                connected += found._connect(token, name)
        self._leave_out(token, connected)
        connected._ask_sync()
        return connected, refused

    @api.model
    def _consent_user(self):
        """Return who gave the consent.

        :rtype: res.users
        """
        return self.env.user

    @api.model
    def _held(self, uids):
        """Return the ad accounts that a company connected before, by TikTok's id.

        :param uids: TikTok's ids
        :rtype: dict
        """
        domain = [("advertiser_uid", "in", list(uids)), ("state", "!=", "draft")]
        found = self.sudo().search(domain)
        return {advertiser.advertiser_uid: advertiser for advertiser in found}

    @api.model
    def _make(self, uid, name, company_id):
        """Return the ad account of a company: its draft, the archived one or a new one.

        :param str uid: TikTok's id
        :param str name: empty if it is unknown
        :param int company_id: which company
        :rtype: tiktok.advertiser
        """
        own = [("advertiser_uid", "=", uid), ("company_id", "=", company_id)]
        advertisers = self.sudo().with_context(active_test=False)
        found = advertisers.search(own, limit=1, order="active desc, id desc")
        if found:
            found.active = True
            return found
        values = {"advertiser_uid": uid, "name": name or uid, "company_id": company_id}
        return self.sudo().create({**values, "user_id": self.env.uid})

    def _connect(self, token, name=""):
        """Put it on the token of a consent; a new token needs new subscriptions."""
        self.ensure_one()
        self.sudo().write(
            {
                "name": name or self.name,
                "state": "connected",
                "removed_reason": False,
                "business_token_id": token.id,
                "connected_at": fields.Datetime.now(),
            }
        )
        self.sudo().activity_unlink([RECONNECT])
        self.env["tiktok.revocation"]._cancel(self, token)
        return self.sudo()

    @api.model
    def _leave_out(self, token, connected):
        """Disconnect what lived on a dead consent of the same person and is not in the new one.

        What lived on somebody else's still needs that person: the alarm about it goes on.
        """
        lost = [
            ("business_token_id.is_dead", "=", True),
            ("business_token_id.company_id", "=", token.company_id.id),
            ("business_token_id.user_id", "=", token.user_id.id),
            ("id", "not in", connected.ids),
        ]
        self.sudo().search(lost).write({"removed_reason": "left"})

    def _lose(self, reason):
        """Say that it is connected no more; somebody must do something unless we did it here.

        :param str reason: of `REVOKED`
        """
        for advertiser in self.filtered(lambda each: each.state == "connected"):
            advertiser.write({"state": "revoked", "removed_reason": reason})
            advertiser.subscription_ids.unlink()
            if reason == "here":
                advertiser.activity_unlink([RECONNECT])
                continue
            user = advertiser.user_id.filtered("active") or advertiser._fallback_user()
            advertiser.activity_schedule(
                RECONNECT,
                user_id=user.id,
                summary=self.env._("Connect %s again", advertiser.name),
                note=self.env._(
                    "TikTok takes the connection no more, so it may send no leads. Open the ad "
                    "account, press Reconnect."
                ),
            )

    def _fallback_user(self):
        return self.company_id._tiktok_responsible() or self.env.ref("base.user_admin")
