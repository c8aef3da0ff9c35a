from odoo import api, models
from odoo.fields import Datetime

from .crm_lead_clock import NOT_AT_WORK

UID = "tiktok_lead_uid"
MAX_UID = 64  # characters; TikTok's have 19 digits


class CrmLead(models.Model):
    """Importing a file of TikTok leads by hand makes no lead twice."""

    _inherit = "crm.lead"

    @api.model
    def load(self, fields, data):
        """Write on the leads that are there, by their id at TikTok, and make the others.

        A file that says itself which records it means is left alone.
        """
        if UID in fields and not {"id", ".id"} & set(fields):
            column = fields.index(UID)
            uids = [str(row[column] or "").strip() for row in data]
            known = self._tiktok_existing(self.env.company, [uid for uid in uids if uid])
            messages = [*self._tiktok_too_long(uids), *self._tiktok_said_twice(uids)]
            messages += self._tiktok_in_another(uids, known)
            if messages:
                return {"ids": False, "messages": messages, "nextrow": 0}
            fields = [*fields, ".id"]
            data = [
                [*row, str(known[uid].id) if uid in known else False]
                for row, uid in zip(data, uids, strict=True)
            ]
        result = super(CrmLead, self.with_context(**{NOT_AT_WORK: True})).load(fields, data)
        if UID in fields and result["ids"]:
            # Without it they were in no period, and waited since an unknown time.
            leads = self.browse(result["ids"]).sudo()
            new = leads.filtered(lambda lead: lead.tiktok_lead_uid and not lead.tiktok_received_at)
            new.tiktok_received_at = Datetime.now()
        return result

    @api.model
    def _tiktok_too_long(self, uids):
        """Return what to say about ids that are none: no index of the database would take them.

        :param list uids: of the rows
        :rtype: list[dict]
        """
        return [
            _error(row, self.env._("Row %s has no TikTok lead ID: this text is too long.", row + 1))
            for row, uid in enumerate(uids)
            if len(uid) > MAX_UID
        ]

    @api.model
    def _tiktok_said_twice(self, uids):
        """Return what to say about leads that a file has twice.

        :param list uids: of the rows
        :rtype: list[dict]
        """
        seen, messages = {}, []
        for row, uid in enumerate(uids):
            if uid and uid in seen:
                message = self.env._(
                    "The file has this TikTok lead twice, in rows %(first)s and %(second)s: leave "
                    "one of them out.",
                    first=seen[uid] + 1,
                    second=row + 1,
                )
                messages.append(_error(row, message))
            seen.setdefault(uid, row)
        return messages

    @api.model
    def _tiktok_in_another(self, uids, known):
        """Return what to say about leads that went into another one: it must stay what it is.

        :param list uids: of the rows
        :param dict known: crm.lead by the id at TikTok
        :rtype: list[dict]
        """
        messages = []
        for row, uid in enumerate(uids):
            lead = known.get(uid)
            if lead and lead.tiktok_lead_uid != uid:
                message = self.env._(
                    "The lead of row %(row)s went into the lead “%(lead)s”, of the same person: "
                    "leave the row out.",
                    row=row + 1,
                    lead=lead.display_name,
                )
                messages.append(_error(row, message))
        return messages


def _error(row, message):
    """Return what the import shows at a row.

    :rtype: dict
    """
    rows = {"from": row, "to": row}
    return {"type": "error", "message": message, "rows": rows, "record": row, "field": UID}
