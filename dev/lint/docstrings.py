"""Measure what docstrings say of arguments, results and exceptions."""

import ast
import importlib.util
import re
import subprocess
import sys

from dev import paths
from dev.lint.sources import find_functions

FIELDS = {
    "param": re.compile(r"^\s*:param\b", re.MULTILINE),
    "return": re.compile(r"^\s*:(returns?|rtype|yields?):", re.MULTILINE),
    "raise": re.compile(r"^\s*:raises?\b", re.MULTILINE),
}
# What is asked of a docstring that says more than its summary. Not its types, which are in the
# signature or nowhere, and not DOC502, as a function may let an exception through.
PYDOCLINT = ("DOC103", "DOC201", "DOC202", "DOC501", "DOC503")
LINE = re.compile(r"\s+(\d+): (DOC\d+): (.*)")
LACKING = re.compile(r"but not in the docstring: \[(.*?)\]")
UNKNOWN = re.compile(r"but not in the function signature: \[(.*?)\]")
DOCUMENTED = re.compile(r"exceptions in the docstring: \[(.*?)\]")


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


def _has_no_result(node):
    return not _has_result(node)


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
    if not importlib.util.find_spec("pydoclint"):
        return ["pydoclint is not installed here: run make lint ARGS=house"]
    command = [sys.executable, "-m", "pydoclint.main", *names]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise RuntimeError(done.stderr)
    found = {}
    for name, number, code, text in parse_findings(done.stdout + done.stderr):
        if code in PYDOCLINT and not is_formality(code, text, _find_node(name, number)):
            found.setdefault(f"{name}:{number}", f"{code} {text}"[:160])
    return [f"{where}: {text}" for where, text in found.items()]


def parse_findings(output):
    """Read pydoclint's output.

    :param str output: a file's name, then a line for each finding
    :return: the file, the line, the code and the text of each finding
    :rtype: Iterator[tuple[str, int, str, str]]
    """
    name = ""
    for line in output.splitlines():
        match = LINE.match(line)
        if match:
            yield name, int(match[1]), match[2], match[3]
        elif line.strip():
            name = line.strip()


def is_formality(code, text, node):
    """Tell whether a finding leaves nothing out.

    The star of ``*args`` and a private argument need no mention, a bare ``return`` has no result,
    a generator has one, and what a function lets through is not what it raises.

    :param str code: of pydoclint
    :param str text: of the finding
    :param ast.AST node: the function
    :rtype: bool
    """
    if code == "DOC103":
        lacking, unknown = _list_names(LACKING, text), _list_names(UNKNOWN, text)
        return {name for name in lacking if not name.startswith("_")} == unknown
    if code == "DOC503":
        return _list_raised(node) <= set(re.findall(r"(\w+)'", DOCUMENTED.search(text)[1]))
    is_due = {"DOC201": _has_result, "DOC202": _has_no_result, "DOC501": _has_raise}
    return not is_due[code](node)


def _list_names(pattern, text):
    found = pattern.search(text)
    parts = found[1].split(", ") if found else []
    return {part.partition(":")[0].lstrip("*") for part in parts}


def _list_raised(node):
    """Return the names of the classes of which a function raises an exception of its own."""
    raised = [item.exc for item in _own_nodes(node) if isinstance(item, ast.Raise) and item.exc]
    classes = [exc.func if isinstance(exc, ast.Call) else exc for exc in raised]
    names = [getattr(item, "id", getattr(item, "attr", "")) for item in classes]
    return {name for name in names if name.lstrip("_")[:1].isupper()}


def _find_node(name, number):
    functions = find_functions((paths.ROOT / name).read_text())
    return next((node for node in functions if node.lineno == number), None)
