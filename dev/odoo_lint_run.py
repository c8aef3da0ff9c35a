"""Start Odoo so that its test_lint looks at our addons alone; ``dev.odoo_lint`` calls it.

Left alone, test_lint walks every addon there is, takes minutes, stops at the first bad file and
fails on some of Odoo's own. So while its tests run, the folder with our addons is all that they
find on Odoo's path. What looks at the registry sees Odoo's models too: there a failure counts when
it is about a method, a model or a field of ours.
"""

import json
import logging
import pathlib
import re
import sys
from unittest import mock

from odoo.cli.command import main as odoo_main
from odoo.modules.registry import Registry
from odoo.tests import loader
from odoo.tests.common import get_db_name
from odoo.tests.result import OdooTestResult
from odoo.tools import config

import odoo.addons

NAME = "tiktok"  # is in the name of all our addons and models, and of our fields on Odoo's models
INDEX_LINE = re.compile(r"^\S+ \(inverse of \S+\)$", re.MULTILINE)  # what test_index lists
report = {"ran": [], "skipped": [], "failed": [], "warned": [], "foreign": []}


class Result(OdooTestResult):
    """Collects what happened, and passes over what is about Odoo's own code."""

    def startTest(self, test):
        """Remember the test."""
        report["ran"].append(test._testMethodName)
        super().startTest(test)

    def addSkip(self, test, reason):
        """Remember what was skipped."""
        report["skipped"].append(f"{self.getDescription(test)}: {reason}")
        super().addSkip(test, reason)

    def addError(self, test, err):
        """Count an error unless it is Odoo's."""
        if self._note(test, err):
            super().addError(test, err)

    def addFailure(self, test, err):
        """Count a failure unless it is Odoo's."""
        if self._note(test, err):
            super().addFailure(test, err)

    def _note(self, test, err):
        ours = is_ours(getattr(test, "params", {}), str(err[1]))
        text = f"{self.getDescription(test)}: {err[1]}"
        report["failed" if ours else "foreign"].append(text)
        return ours


class Watch(logging.Handler):
    """Collects what the tests only log."""

    def emit(self, record):
        """Keep what is about us and is not the text of a failure."""
        message = record.getMessage()
        if NAME in message and not message.startswith(("FAIL: ", "ERROR: ")):
            report["warned"].append(message)


def is_ours(subtest, text):
    """Tell whether a failure is about our code.

    :param dict subtest: what names the part of a test that failed, if it has parts
    :param str text: what the test says
    :rtype: bool
    """
    prefix = f"odoo.addons.{NAME}"
    if "module" in subtest:
        return subtest["module"].startswith(NAME)
    if "method" in subtest:
        classes = Registry(get_db_name())[subtest["model"]].mro()
        definers = [cls for cls in classes if subtest["method"] in vars(cls)]
        return any(cls.__module__.startswith(prefix) for cls in definers)
    fields = INDEX_LINE.findall(text)
    return not fields or any(NAME in field for field in fields)


def narrow(run_suite, folder):
    """Return Odoo's runner of tests, with nothing but the folder on Odoo's path.

    :param callable run_suite: Odoo's own
    :param str folder: holds our addons and nothing else
    :rtype: callable
    """

    def run_narrow(*args, **kwargs):
        with (
            mock.patch.object(odoo, "__path__", [folder]),
            mock.patch.object(odoo.addons, "__path__", [folder]),
            mock.patch.object(config, "root_path", folder),
        ):
            return run_suite(*args, **kwargs)

    return run_narrow


def main(folder, report_path, *args):
    """Run Odoo and write down what its tests found.

    :param str folder: holds our addons and nothing else
    :param str report_path: the file to write, JSON
    :param str args: for Odoo
    """
    loader.OdooTestResult = Result
    loader.run_suite = narrow(loader.run_suite, folder)
    logging.getLogger("odoo.addons.test_lint").addHandler(Watch(level=logging.WARNING))
    sys.argv = ["odoo", *args]
    try:
        odoo_main()
    finally:
        pathlib.Path(report_path).write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
