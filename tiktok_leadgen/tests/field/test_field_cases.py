"""Inputs that failed in public receivers and relays, each with the right value.

A case is a file of `cases`: what is posted or imported, and what the database must hold afterwards.
In it ``"@u1"`` stands for an id of 19 digits as a number, ``{u1}`` for the same inside a text,
``"@now-7"`` for seconds since 1970 and ``{run}`` for nine digits that differ in each run.
"""

import itertools
import json
import re
import time
from pathlib import Path

from odoo.tests import tagged

from ..common import TiktokHttpCommon, next_uid
from ..import_common import FileImportCase

CASES = Path(__file__).parent / "cases"
OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}
_NUMBER = re.compile(r'"@(u\d+|now(?:[+-]\d+)?)"')
_TEXT = re.compile(r"\{(u\d+|run)\}")
_runs = itertools.count(time.time_ns() % 800_000_000 + 100_000_000)


class FieldCase:
    """One case, with numbers of its own in it.

    :param str name: of its file
    """

    def __init__(self, name):
        self._numbers, self._run, self._now = {}, next(_runs), int(time.time())
        content = json.loads(self.fill_in((CASES / f"{name}.json").read_text(encoding="utf-8")))
        self.setup, self.steps = content.get("setup", {}), content["steps"]
        self.expected = content["expect"]

    def fill_in(self, text):
        """Replace what stands for a number.

        :param str text: of a file
        :rtype: str
        """
        text = _NUMBER.sub(lambda found: str(self._get_number(found[1])), text)
        return _TEXT.sub(lambda found: str(self._get_number(found[1])), text)

    def read_file(self, name):
        """Return a file of the case.

        :param str name: of the file
        :rtype: bytes
        """
        return self.fill_in((CASES / name).read_text(encoding="utf-8")).encode()

    def _get_number(self, name):
        if name == "run":
            return self._run
        if name.startswith("now"):
            return self._now + int(name[3:] or 0)
        if name not in self._numbers:
            self._numbers[name] = next_uid()
        return self._numbers[name]


class FieldCommon(TiktokHttpCommon):
    """Carries out the steps of a case and looks at what became of them."""

    def run_case(self, name):
        """Carry out a case.

        :param str name: of its file
        """
        case = FieldCase(name)
        if "repeat" in case.setup:
            self.company.tiktok_repeat_policy = case.setup["repeat"]
        results = [self.carry_out_step(case, step) for step in case.steps]
        for expected in case.expected:
            with self.subTest(expected["check"]):
                self.check_expected(expected, results)

    def carry_out_step(self, case, step):
        """Post a body to the webhook and have it processed, or import a file.

        :param FieldCase case: that the step is of
        :param dict step: with ``body``, or with ``file`` and ``columns``
        :return: of `import_file`, None for a body
        """
        if "file" in step:
            return self.import_file(case.read_file(step["file"]), step.get("columns"))
        self.assertEqual(self.post(step["body"]).status_code, 200)
        self.process()
        return None

    def check_expected(self, expected, results):
        """Compare one value of the database with the right one.

        :param dict expected: ``sql`` with ``want``, else what an import says
        :param list results: of the steps
        """
        self.check_query(expected)

    def check_query(self, expected):
        self.env.flush_all()
        self.env.cr.execute(expected["sql"])
        ((value,),) = self.env.cr.fetchall()
        text = str(value)[0].lower() if isinstance(value, bool) else str(value)
        self.assertEqual(text, expected["want"])


@tagged("post_install", "-at_install")
class TestFieldDeliveries(FieldCommon):
    """Bodies that are posted to the webhook."""

    def test_countries_as_people_write_them(self):
        self.run_case("01-country-short-names")

    def test_rest_answer_that_is_forwarded(self):
        self.run_case("03-rest-answer-forwarded")

    def test_relay_that_sends_again(self):
        self.run_case("05-relay-sends-again")

    def test_leads_in_a_wrapper(self):
        self.run_case("07-leads-in-a-wrapper")

    def test_addresses_that_are_written_oddly(self):
        self.run_case("10-email-written-oddly")

    def test_argentine_number_of_one_person(self):
        self.run_case("15-phone-argentina")

    def test_questions_that_are_sentences(self):
        self.run_case("17-question-as-a-sentence")


@tagged("post_install", "-at_install")
class TestFieldLeadImport(FieldCommon, FileImportCase):
    """Files in the import of TikTok's files."""

    def import_file(self, content, _columns):
        run = self.upload(content)
        run.action_check()
        if run.row_count > run.refused_count:
            run.action_import()
            self.run_imports()
        return run

    def check_expected(self, expected, results):
        if "sql" in expected:
            self.check_query(expected)
        elif "refused" in expected:
            self.assertEqual(self.counts(results[-1]), [1, 0, 0, 1])
            self.assertTrue(results[-1].line_ids.reason)
        else:
            label, _field = expected["suggested"]
            columns = {column["label"]: column for column in results[0].report[0]["columns"]}
            self.assertIn(columns[label]["target"], ("TikTok lead ID", "Phone"))

    def test_file_as_downloaded(self):
        self.run_case("25-hand-import-tiktoks-own-file")

    def test_ids_that_a_spreadsheet_rounded(self):
        self.run_case("26-hand-import-rounded-ids")


@tagged("post_install", "-at_install")
class TestFieldOdooImport(FieldCommon):
    """The same files in Odoo's own import of leads."""

    def import_file(self, content, columns):
        imports = self.env["base_import.import"].with_user(self.manager)
        wizard = imports.with_company(self.company).create(
            {
                "res_model": "crm.lead",
                "file": content,
                "file_name": "leads.csv",
                "file_type": "text/csv",
            }
        )
        preview = wizard.parse_preview(dict(OPTIONS))
        headers = preview["headers"]
        suggested = {headers[number]: path[0] for number, path in preview["matches"].items()}
        names = [(columns or suggested).get(header, False) for header in headers]
        found = wizard.execute_import(names, headers, dict(OPTIONS))
        self.process()
        return suggested, found["messages"]

    def check_expected(self, expected, results):
        if "sql" in expected:
            self.check_query(expected)
        elif "refused" in expected:
            self.assertTrue(results[-1][1])
        else:
            label, field = expected["suggested"]
            self.assertEqual(results[0][0].get(label), field)

    def test_file_as_downloaded(self):
        self.run_case("25-hand-import-tiktoks-own-file")

    def test_ids_that_a_spreadsheet_rounded(self):
        self.run_case("26-hand-import-rounded-ids")
