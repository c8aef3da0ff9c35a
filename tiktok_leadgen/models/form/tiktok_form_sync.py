import dataclasses
import functools
from datetime import datetime, timedelta

from odoo import api, models

from ...job_time import read_transaction_clock
from ...locks import lock_references
from ...tiktok import instant_form
from ...tiktok.contact_suggestion import suggest_contact_questions
from ...tiktok.question_index import QuestionIndex
from ...tiktok.standard import find_standard_key, get_webhook_names
from .tiktok_form_question import CONTACT_TARGETS, OTHER_TARGETS

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - Odoo's times are UTC and say no zone
_OWN_RULES = {target for target, _label in OTHER_TARGETS} | {"consent"}


class TiktokForm(models.Model):
    """The forms that TikTok lists, and the questions it lists for them."""

    _inherit = "tiktok.form"

    @api.model
    def _sync_listed_forms(self, advertiser, listed, hidden=()):
        """Create and update the forms of an ad account as TikTok lists them.

        :param advertiser: tiktok.advertiser
        :param list listed: of `instant_form.list_forms`
        :param list hidden: ids of libraries that TikTok did not show
        :raise psycopg2.errors.SerializationFailure: if another transaction did so meanwhile
        """
        wanted = {form.page_uid: form for form in listed}
        forms = self.sudo().with_context(active_test=False)
        company = [("company_id", "=", advertiser.company_id.id)]
        known = forms.search([*company, ("page_uid", "in", list(wanted))])
        for form in known:
            values = self._prepare_listed_values(advertiser, wanted.pop(form.page_uid))
            form._write_changed_values(values)
        forms.create(
            [
                {
                    "page_uid": page_uid,
                    "company_id": advertiser.company_id.id,
                    "is_selected": advertiser._wants_new_forms(),
                    **self._prepare_listed_values(advertiser, form),
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
    def _prepare_listed_values(self, advertiser, form):
        """Return the values that TikTok's list has for a form.

        :param advertiser: tiktok.advertiser
        :param form: `instant_form.Form`
        :rtype: dict
        """
        return {
            "name": form.name or self.env._("Form %s", form.page_uid),
            "advertiser_id": advertiser.id,
            "advertiser_uid": advertiser.advertiser_uid,
            "library_uid": form.library_uid or False,
            "status": "published" if form.status == "PUBLISHED" else "edited",
            "preview_url": form.preview_url or False,
            "published_at": _convert_timestamp(form.published),
            "updated_at": _convert_timestamp(form.updated),
        }

    def _write_changed_values(self, values):
        """Write what is different: a daily sync must not touch every row.

        :param dict values: of the form
        """
        present = self.read(list(values), load=False)[0]
        changed = {name: value for name, value in values.items() if present[name] != value}
        if changed:
            self.write(changed)

    def _get_owner_uids(self):
        """Return the owner of the form at TikTok, as `instant_form` and `Target` take it.

        :rtype: dict
        """
        self.ensure_one()
        if self.library_uid:
            return {"library_uid": self.library_uid}
        return {"advertiser_uid": self.advertiser_uid}

    def _lacks_questions(self):
        """Tell whether the form's questions should be fetched.

        :rtype: bool
        """
        if self.status not in ("published", "edited"):
            return False
        return not self.questions_at or bool(
            self.updated_at and self.updated_at > self.questions_at
        )

    def _fetch_questions(self, client):
        """Fetch the questions of the form and store them.

        :param BusinessClient client: of the ad account
        :raise TiktokError: if TikTok refuses
        """
        self.ensure_one()
        labels = instant_form.fetch_question_labels(client, self.page_uid, **self._get_owner_uids())
        self.env["tiktok.form.question"].sudo()._prefetch_questions(self, labels)
        self.questions_at = read_transaction_clock(self.env)


class TiktokFormQuestion(models.Model):
    """Questions as leads, exports and TikTok's lists name them."""

    _inherit = "tiktok.form.question"

    @api.model
    def _sync_questions(self, forms, leads, rules=None):
        """Store the questions that are new, and tell each answer where it goes.

        :param dict forms: form by its id at TikTok
        :param list leads: `tiktok.lead.ParsedLead`
        :param dict rules: former rules by id of the question, instead of the present ones
        :return: the same leads in the same order, with the key and rule of each answer
        :rtype: list
        """
        indexes = self._index_questions(forms.values())
        for lead in leads:
            if lead.page.uid in forms:
                names = [answer.question for answer in lead.answers]
                indexes[forms[lead.page.uid].id].match_names(names)
        self._store_questions(indexes)

        @functools.cache
        def find_rule(page_uid, name):
            question = indexes[forms[page_uid].id].find_question(name)
            return self._find_mapping_rule(question, name, rules)

        routed = [
            self._route_lead_answers(lead, find_rule) if lead.page.uid in forms else lead
            for lead in leads
        ]
        return self._suggest_contacts(forms, routed, indexes)

    @api.model
    def _suggest_contacts(self, forms, leads, indexes):
        """Find how to reach a person where no question is known to ask for it.

        The questions are marked as suggestions, until a user confirms or changes them.

        :param dict forms: form by its id at TikTok
        :param list leads: `tiktok.lead.ParsedLead`, whose answers know where they go
        :param dict indexes: `QuestionIndex` by id of the form
        :return: the same leads in the same order
        :rtype: list
        """
        suggested, found = {}, []
        for lead in leads:
            index = indexes.get(forms[lead.page.uid].id) if lead.page.uid in forms else None
            records = self._find_answered_questions(lead, index)
            answers = [records[each.question]._check_suggested_key(each) for each in lead.answers]
            undecided = {name for name, record in records.items() if not record.is_confirmed}
            questions = suggest_contact_questions(answers, undecided)
            keys = {name: key for key, name in questions.items()}
            suggested.update({records[name]: key for name, key in keys.items() if records[name]})
            answers = [
                dataclasses.replace(each, key=keys.get(each.question, each.key)) for each in answers
            ]
            found.append(dataclasses.replace(lead, answers=tuple(answers)))
        self._store_suggestions(suggested)
        return found

    @api.model
    def _find_answered_questions(self, lead, index):
        """Return the question of each answer that may be an address or a phone number.

        :param lead: `tiktok.lead.ParsedLead`
        :param index: `QuestionIndex` of its form, None for a lead without one
        :return: tiktok.form.question by name as it was answered; empty where there is none
        :rtype: dict
        """
        found = {}
        for answer in lead.answers:
            question = index.find_question(answer.question) if index else None
            may_be = answer.key in ("", *CONTACT_TARGETS) and not answer.rule
            record_id = question.record_id if question and may_be else 0
            found[answer.question] = self.browse(record_id or ())
        return found

    @api.model
    def _store_suggestions(self, suggested):
        """Mark questions as suggestions, where no other question of the form has that target.

        If another transaction holds a question or its form, the next lead brings the same again.

        :param dict suggested: standard field by tiktok.form.question
        """
        rows = self.browse([row.id for row in suggested if not row.target])
        if not rows:
            return
        domain = [("form_id", "in", rows.form_id.ids), ("target", "in", CONTACT_TARGETS)]
        taken = {(row.form_id, row.target) for row in self.search(domain)}
        free = rows.filtered(lambda row: (row.form_id, suggested[row]) not in taken)
        forms = free.form_id.try_lock_for_update(allow_referencing=True)
        free = free.filtered(lambda row: row.form_id in forms)
        for row in free.try_lock_for_update(allow_referencing=True):
            row.write({"target": suggested[row], "is_confirmed": False})

    @api.model
    def _prefetch_questions(self, form, labels):
        """Store the questions that a form asks, before its first lead.

        :param form: tiktok.form
        :param list labels: as TikTok lists them
        """
        indexes = self._index_questions([form])
        # A standard question arrives under its key, any other one under its own text.
        names = get_webhook_names(list(filter(None, labels)), form.question_ids.mapped("name"))
        indexes[form.id].match_names(list(dict.fromkeys(names)))
        self._store_questions(indexes)

    @api.model
    def _index_questions(self, forms):
        """Return the questions of forms by all their names.

        :param forms: tiktok.form, one or several
        :return: `QuestionIndex` by id of the form
        :rtype: dict
        """
        indexes = {form.id: QuestionIndex() for form in forms}
        questions = self.search([("form_id", "in", list(indexes))]) if indexes else self
        questions.mapped("value_ids")  # in one query: each rule reads its own
        for question in questions:
            index = indexes[question.form_id.id]
            index.add_question(question.name, question.aliases or (), question.id)
        return indexes

    @api.model
    def _store_questions(self, indexes):
        """Store new questions and aliases, in one statement for all forms.

        If another transaction holds a form or a question, the next lead brings the same again.

        :param dict indexes: `QuestionIndex` by id of the form; new questions get their row's id
        """
        wanted = {("tiktok_form", form_id) for form_id, index in indexes.items() if index.new}
        free = lock_references(self.env.cr, wanted)
        new = [
            (form_id, question)
            for form_id, index in indexes.items()
            if ("tiktok_form", form_id) in free
            for question in index.new
        ]
        created = self.create(
            [
                {
                    "form_id": form_id,
                    "name": question.name,
                    "target": find_standard_key(question.name) or False,
                    "aliases": question.aliases or False,
                }
                for form_id, question in new
            ]
        )
        for (_form_id, question), record in zip(new, created, strict=True):
            question.record_id = record.id
        changed = {q.record_id: q.aliases for index in indexes.values() for q in index.changed}
        for record in self.browse(list(changed)).try_lock_for_update(allow_referencing=True):
            record.aliases = changed[record.id] or False

    @api.model
    def _find_mapping_rule(self, question, name, rules):
        """Return where the answers to a question go.

        :param question: `tiktok.question_index.Question`, None for one that is not stored
        :param str name: of the question as it was answered
        :param dict rules: former rules by id of the question, None for the present ones
        :rtype: dict
        """
        suggestion = {"target": find_standard_key(question.name if question else name)}
        if not question or not question.record_id:  # its form was locked, so it has no row yet
            return suggestion
        if rules is None:
            return self.browse(question.record_id)._get_mapping_rule()
        return rules.get(str(question.record_id), suggestion)

    @api.model
    def _route_lead_answers(self, lead, find_rule):
        """Return a lead whose answers know where they go.

        :param lead: `tiktok.lead.ParsedLead`
        :param find_rule: function of the form's id at TikTok and the question that returns a rule
        :rtype: ParsedLead
        """
        routed = []
        for answer in lead.answers:
            rule = find_rule(lead.page.uid, answer.question)
            # A name that is split is still the contact's name.
            key = "name" if rule["target"] == "split_name" else rule["target"]
            has_rule = rule["target"] in _OWN_RULES or rule.get("values")
            own_rule = rule if has_rule else None
            routed.append(dataclasses.replace(answer, key=key, rule=own_rule))
        return dataclasses.replace(lead, answers=tuple(routed))


def _convert_timestamp(seconds):
    """Return a time of TikTok's as Odoo keeps it.

    :param int seconds: since 1970, None or 0 for none
    :return: False for none
    :rtype: datetime.datetime | bool
    """
    return EPOCH + timedelta(seconds=seconds) if seconds else False
