from odoo import api, models

UID = "tiktok_lead_uid"


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
            messages = self._tiktok_said_twice(uids)
            if messages:
                return {"ids": False, "messages": messages, "nextrow": 0}
            known = self._tiktok_existing(self.env.company, [uid for uid in uids if uid])
            fields = [*fields, ".id"]
            data = [
                [*row, str(known[uid].id) if uid in known else False]
                for row, uid in zip(data, uids, strict=True)
            ]
        return super().load(fields, data)

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
                rows = {"from": row, "to": row}
                messages.append(
                    {"type": "error", "message": message, "rows": rows, "record": row, "field": UID}
                )
            seen.setdefault(uid, row)
        return messages
