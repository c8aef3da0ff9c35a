from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ... import const
from ...concurrency import delete_unlocked
from ...job_time import read_transaction_clock
from ...lead_import import FILE_CONTEXT, remove_files, suggest_fields
from ...lead_import_check import ImportCheck, format_row_reason, format_status

STATES = [
    ("draft", "Draft"),
    ("checked", "Checked"),
    ("running", "In progress"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
    ("undone", "Undone"),
]
STARTED = ("running", "done", "cancelled", "undone")
HIDDEN = {"readonly": True, "export_string_translation": False}  # on no screen
COUNTERS = ("row_count", "new_count", "known_count", "refused_count")


class TiktokLeadImport(models.Model):
    """An import of downloaded files: what is in them, how far it is, and what its undo left."""

    _name = "tiktok.lead.import"
    _description = "TikTok Lead Import"
    _inherit = ["tiktok.protected.mixin"]
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        copy=False,
        bypass_search_access=True,
        help="CSV, XLSX or ZIP files, as downloaded from TikTok's Leads Center.",
    )
    name = fields.Char("File names", readonly=True, copy=False)
    state = fields.Selection(
        STATES, "Status", required=True, readonly=True, default="draft", copy=False
    )
    user_id = fields.Many2one(
        "res.users", "Started by", readonly=True, copy=False, ondelete="set null"
    )
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    new_count = fields.Integer(
        "New", readonly=True, copy=False, help="Leads that are not in Odoo yet, or were imported."
    )
    known_count = fields.Integer(
        "Already here", readonly=True, copy=False, help="Leads that Odoo received before."
    )
    refused_count = fields.Integer(
        "Refused", readonly=True, copy=False, help="Rows that cannot be imported."
    )
    line_ids = fields.One2many(
        "tiktok.lead.import.line", "import_id", "Refused rows", readonly=True, copy=False
    )
    unlisted_count = fields.Integer(compute="_compute_unlisted_count", **HIDDEN)
    # What a check found: the tables to read, and what the page shows of them.
    tables = fields.Json(copy=False, groups=fields.NO_ACCESS, **HIDDEN)
    report = fields.Json(copy=False, **HIDDEN)
    report_html = fields.Html("Files and columns", compute="_compute_report_html", sanitize=False)
    # How far it is: rows while it imports, the last delivery while it is undone.
    position = fields.Integer("Rows done", readonly=True, copy=False)
    is_undoing = fields.Boolean(copy=False, **HIDDEN)
    undone_count = fields.Integer("Leads removed", readonly=True, copy=False)
    retained_counts = fields.Json(copy=False, **HIDDEN)  # leads that stay, by reason
    error = fields.Char("Problem", readonly=True, copy=False)
    started_at = fields.Datetime("Started", readonly=True, copy=False)
    done_at = fields.Datetime("Ended", readonly=True, copy=False)
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    status_text = fields.Char("Status details", compute="_compute_progress")
    event_count = fields.Integer("Deliveries", compute="_compute_event_count")

    # === COMPUTE METHODS === #

    @api.depends("name")
    def _compute_display_name(self):
        for run in self:
            run.display_name = run.name or self.env._("New import")

    @api.depends("refused_count", "line_ids")
    def _compute_unlisted_count(self):
        for run in self:
            run.unlisted_count = max(run.refused_count - len(run.line_ids), 0)

    @api.depends("report")
    def _compute_report_html(self):
        for run in self:
            files = run.sudo().report
            run.report_html = files and self.env["ir.qweb"]._render(
                "tiktok_leadgen.lead_import_report", {"files": files}
            )

    @api.depends("state", "position", "row_count", "is_undoing", "error")
    def _compute_progress(self):
        for run in self:
            is_running = run.state == "running" and not run.is_undoing
            run.progress = 100 * run.position / max(run.row_count, 1) if is_running else 100
            run.status_text = format_status(run)

    def _compute_event_count(self):
        groups = self.env["tiktok.event"]._read_group(
            [("import_id", "in", self.ids)], ["import_id"], ["__count"]
        )
        counts = dict(groups)
        for run in self:
            run.event_count = counts.get(run, 0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Make the files private to the import.

        :param list vals_list: of the imports
        :rtype: tiktok.lead.import
        """
        runs = super().create(vals_list)
        runs._own_attachments()
        return runs

    def write(self, vals):
        """Refuse to change the files of an import that was started, and to change its company.

        :param dict vals: of the imports
        :return: True
        :rtype: bool
        :raise UserError: if it is refused
        """
        if not self.env.su and "company_id" in vals:
            raise UserError(self.env._("The company of an import cannot be changed."))
        if not self.env.su and "attachment_ids" in vals and set(self.mapped("state")) & {*STARTED}:
            raise UserError(
                self.env._("This import was started: create a new one for other files.")
            )
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_attachments()
            self.sudo()._reset_check()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if "running" in self.mapped("state"):
            raise UserError(self.env._("This import is in progress: cancel it first."))

    def _own_attachments(self):
        """Make the files private: who may see the import may see them, and no one else.

        :raise AccessError: if the user may not read a file
        :raise UserError: if a file belongs to another record
        """
        for run in self:
            files = run.sudo().attachment_ids
            files.sudo(self.env.su).check_access("read")
            own = {(run._name, run.id), (run._name, 0), (run._name, False), (False, 0)}
            if any((f.res_model, f.res_id) not in own or f.type != "binary" for f in files):
                raise UserError(self.env._("Upload the files here: other ones are not imported."))
            files.write({"res_model": run._name, "res_id": run.id, "public": False})
            others = f" (+{len(files) - 1})" if len(files) > 1 else ""
            run.sudo().name = files and f"{files[0].name}{others}"

    # === ACTION METHODS === #

    def action_check(self):
        """Read the files: what is in them, what is here, and what can't be imported.

        :raise UserError: if there are no files, or the import was started
        """
        self.check_access("write")
        for run in self.sudo():
            if run.state not in ("draft", "checked"):
                raise UserError(self.env._("This import was started already."))
            if not run.attachment_ids:
                raise UserError(self.env._("Add at least one file."))
            run._check_files()

    def action_import(self):
        """Start the import in the background, or continue one that was cancelled.

        :raise UserError: if there is nothing to import
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft":
            self.action_check()
        run = self.sudo()
        if run.state not in ("checked", "cancelled") or not run.attachment_ids:
            raise UserError(self.env._("This import was started already."))
        if run.row_count == run.refused_count:
            raise UserError(self.env._("There is nothing to import in these files."))
        if not run.company_id.tiktok_leadgen_enabled:
            raise UserError(
                self.env._(
                    "TikTok lead generation is turned off for this company. Turn it on under "
                    "CRM → Integrations → TikTok, then import again."
                )
            )
        run._start_import()

    def action_cancel(self):
        """Stop the import; the leads imported before stay.

        :raise UserError: if it is not in progress
        """
        self.check_access("write")
        if any(run.state != "running" or run.is_undoing for run in self.sudo()):
            raise UserError(self.env._("This import is not in progress."))
        self.sudo()._finish_run("cancelled")

    def action_undo(self):
        """Remove the leads of the import that no one has changed since.

        :raise UserError: if it was not imported, or is in progress
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("done", "cancelled"):
            raise UserError(self.env._("There is nothing to undo."))
        self.sudo()._start_undo()

    def action_view_events(self):
        """Open the deliveries of this import.

        :return: an action
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.tiktok_event_action")
        return {**action, "domain": [("import_id", "=", self.id)]}

    def action_view_leads(self):
        """Open the leads of this import.

        :return: an action
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.crm_lead_action_tiktok")
        return {**action, "domain": [("tiktok_event_ids.import_id", "=", self.id)]}

    # === CHECK === #

    def _check_files(self):
        """Read the files and store what is in them."""
        self.ensure_one()
        check = ImportCheck(self)
        for attachment in self.attachment_ids:
            check.add_file(attachment)
        self.line_ids.unlink()
        self.write(
            {
                **check.counts,
                "state": "checked",
                "tables": check.tables,
                "report": check.files,
                "position": 0,
                "error": False,
                "line_ids": [
                    Command.create(
                        {"row": line, "file": name, "reason": format_row_reason(self.env, reason)}
                    )
                    for name, line, reason in check.refused
                ],
            }
        )

    def _reset_check(self):
        """Forget what a check found of other files."""
        self.line_ids.unlink()
        zeros = dict.fromkeys((*COUNTERS, "position"), 0)
        self.write({**zeros, "state": "draft", "tables": False, "report": False, "error": False})

    @api.autovacuum
    def _gc_import_files(self):
        """Delete the files and previews of old imports: they hold answers.

        :return: how many, and whether some are left
        :rtype: tuple[int, int]
        """
        before = read_transaction_clock(self.env) - timedelta(days=const.IMPORT_FILE_DAYS)
        domain = [
            *(("state", "!=", "running"), ("write_date", "<", before), "|"),
            *(("attachment_ids", "!=", False), ("report", "!=", False)),
        ]
        old = self.sudo().search(domain, limit=const.GC_BATCH)
        return delete_unlocked(old, remove_files)


class TiktokLeadImportLine(models.Model):
    """A row that was refused, and why; it holds nothing of the person."""

    _name = "tiktok.lead.import.line"
    _description = "TikTok Lead Import Row"
    _order = "id"

    import_id = fields.Many2one(
        "tiktok.lead.import", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    file = fields.Char(readonly=True)
    row = fields.Integer(
        readonly=True, aggregator=None, help="As a spreadsheet numbers it: the header is row 1."
    )
    reason = fields.Char(readonly=True)


class BaseImport(models.TransientModel):
    """Odoo's own import suggests the fields of a file of TikTok's."""

    _inherit = "base_import.import"

    def _get_mapping_suggestions(self, headers, header_types, fields_tree):
        """Suggest the fields of a lead for the columns of a file of TikTok's.

        :param list headers: of the columns
        :param dict header_types: as of Odoo's method
        :param list fields_tree: as of Odoo's method
        :rtype: dict
        """
        found = super()._get_mapping_suggestions(headers, header_types, fields_tree)
        for number, name in suggest_fields(headers).items() if self.res_model == "crm.lead" else ():
            path = {"field_path": [name], "distance": -1}
            found[number, headers[number]] = path if name else None
        return found

    def execute_import(self, fields, columns, options, dryrun=False):
        """Let the import of leads read the columns that no field was chosen for.

        :param list fields: as of Odoo's method
        :param list columns: as of Odoo's method
        :param dict options: as of Odoo's method
        :param bool dryrun: as of Odoo's method
        :rtype: dict
        """
        record = self
        if self.res_model == "crm.lead" and options.get("has_headers"):
            record = self.with_context(**{FILE_CONTEXT: self.id})
        return super(BaseImport, record).execute_import(fields, columns, options, dryrun)
