"""The files of the checkout as the checks of the house see them."""

import ast
import functools
import typing

from dev import paths
from dev.lint import tracked

SUFFIXES = (".py", ".xml", ".js", ".scss", ".css", ".csv", ".md", ".html", ".sql", ".pot", ".toml")


class Source(typing.NamedTuple):
    """One file."""

    name: str  # its path below the checkout, with slashes
    text: str

    @property
    def parts(self):
        """The folders and the file."""
        return self.name.split("/")

    @property
    def addon(self):
        """The addon it ships with, None for what is not shipped."""
        return self.parts[0] if self.parts[0].startswith("tiktok_") else None

    @property
    def is_test(self):
        """Whether it tests something."""
        return "tests" in self.parts[:-1]

    @property
    def is_product(self):
        """Whether it is Python that ships and is no test."""
        return bool(self.addon and self.name.endswith(".py") and not self.is_test)

    @property
    def tree(self):
        """Its syntax tree."""
        return parse_text(self.text)

    @property
    def functions(self):
        """Its functions and methods, nested ones too."""
        return find_functions(self.text)


@functools.cache
def parse_text(text):
    """Parse Python once.

    :param str text: the content of a file
    :rtype: ast.Module
    """
    return ast.parse(text)


@functools.cache
def find_functions(text):
    """Find the functions of a file once.

    :param str text: its content
    :return: functions and methods, nested ones too
    :rtype: list[ast.FunctionDef | ast.AsyncFunctionDef]
    """
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(parse_text(text)) if isinstance(node, kinds)]


def read_sources():
    """Read what git tracks and a check looks at.

    :rtype: list[Source]
    """
    return [
        Source(path.as_posix(), (paths.ROOT / path).read_text())
        for suffix in SUFFIXES
        for path in tracked(suffix)
    ]


def parse_sources(files):
    """Make sources of texts.

    :param dict files: texts by the path of their file
    :rtype: list[Source]
    """
    return [Source(name, text) for name, text in files.items()]
