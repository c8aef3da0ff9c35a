"""Measure what docstrings say of arguments, results and exceptions."""

import ast
import re
import subprocess
import sys

from dev import paths

FIELDS = {
    "param": re.compile(r"^\s*:param\b", re.MULTILINE),
    "return": re.compile(r"^\s*:(returns?|rtype|yields?):", re.MULTILINE),
    "raise": re.compile(r"^\s*:raises?\b", re.MULTILINE),
}
# What is asked of a docstring that says more than its summary. Not its types, which are in the
# signature or nowhere, and not DOC502, as a function may let an exception through.
PYDOCLINT = ("DOC101", "DOC102", "DOC103", "DOC201", "DOC202", "DOC501", "DOC503")
LINE = re.compile(r"\s+(\d+): (DOC\d+): (.*)")


def measure_docstrings(sources):
    """Measure the docstrings of the product.

    :param list sources: of `dev.lint.sources`
    :return: by key: the figure and its findings
    :rtype: dict[str, tuple[float, list[str]]]
    """
    product = [source for source in sources if source.is_product]
    incomplete = find_incomplete([source.name for source in product])
    return {
        **{key: _measure_field(product, key) for key in FIELDS},
        "pydoclint": (len(incomplete), incomplete),
    }


def _measure_field(product, key):
    """Return the share of functions that have the field, in percent, and those that lack it."""
    lacking, total = [], 0
    for source in product:
        for node in source.functions:
            docstring = ast.get_docstring(node)
            if docstring and NEEDS[key](node):
                total += 1
                if not FIELDS[key].search(docstring):
                    lacking.append(f"{source.name}:{node.lineno}: {node.name}")
    return 100 - 100 * len(lacking) / total if total else 100, lacking


def _has_arguments(node):
    if node.name.startswith("__"):
        return False
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return any(arg.arg not in ("self", "cls") for arg in named)


def _has_result(node):
    names = {getattr(item, "id", getattr(item, "attr", "")) for item in node.decorator_list}
    if names & {"property", "cached_property", "lazy_property", "fixture"}:
        return False
    return any(
        (isinstance(item, ast.Return) and not _is_none(item.value))
        or isinstance(item, (ast.Yield, ast.YieldFrom))
        for item in _own_nodes(node)
    )


def _is_none(value):
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _has_raise(node):
    return any(isinstance(item, ast.Raise) and item.exc for item in _own_nodes(node))


def _own_nodes(node):
    """Yield the nodes of a function without those of functions inside it."""
    waiting = list(node.body)
    while waiting:
        item = waiting.pop()
        yield item
        if not isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            waiting += ast.iter_child_nodes(item)


NEEDS = {"param": _has_arguments, "return": _has_result, "raise": _has_raise}


def find_incomplete(names):
    """Ask pydoclint which docstrings leave something out; pyproject.toml has its settings.

    :param list names: the files
    :return: a line for each function
    :rtype: list[str]
    """
    if not names:
        return []
    command = [sys.executable, "-m", "pydoclint.main", *names]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise RuntimeError(done.stderr)
    return parse_findings(done.stdout + done.stderr)


def parse_findings(output):
    """Read pydoclint's output.

    :param str output: a file's name, then a line for each finding
    :return: a line for each function
    :rtype: list[str]
    """
    found, name = {}, ""
    for line in output.splitlines():
        match = LINE.match(line)
        if match and match[2] in PYDOCLINT:
            found.setdefault(f"{name}:{match[1]}", f"{match[2]} {match[3]}"[:160])
        elif not match and line.strip():
            name = line.strip()
    return [f"{where}: {text}" for where, text in found.items()]
