"""What no linter looks at: traces of a machine, and files and functions that grow too long."""

import ast
import re

from dev import paths

MAX_FILE_LINES = 350
MAX_FUNCTION_LINES = 40
# A path that exists on one person's machine only; the path of an address is none.
MACHINE = re.compile(
    r"(?<![\w.:/~-])/(?:(?:home|Users)/[\w.-]|(?:root|work|workspace)/[\w.-])|\b[A-Z]:\\Users\\"
)
# Where packages come from is what the machine is set up with.
REGISTRIES = (
    r"\b(?:registry|npm|pypi|conda|mirrors?|artifactory|nexus|devpi|verdaccio)(?:\.[a-z0-9-]+)+/",
    r"\b(?:registry\.npmjs|registry\.yarnpkg|pypi|files\.pythonhosted|proxy\.golang)\.\w",
    r"\b(?:deb|ftp\.\w+|security|snapshot)\.debian\.org|\b\w+\.ubuntu\.com/ubuntu",
    r"(?:index-url|registry)\s*[=:]\s*[\"']?https?:",
    r"https?://[^\s/:@]+:[^\s/@]+@",  # a password in an address
)
REGISTRY = re.compile("|".join(REGISTRIES), re.IGNORECASE)


def findings(files):
    """Return what is wrong, a sentence each.

    :param list files: paths below the checkout
    :rtype: list[str]
    """
    found = []
    for path in files:
        try:
            text = (paths.ROOT / path).read_text()
        except UnicodeDecodeError:
            continue  # a picture
        found += traces(path, text)
        found += lengths(path, text)
    return found


def traces(path, text):
    """Find paths of a machine and addresses of package registries.

    :rtype: list[str]
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{path}:{number}"
        if MACHINE.search(line):
            found.append(f"{where}: a path of one machine: write it relative to the checkout.")
        if REGISTRY.search(line):
            found.append(f"{where}: a package registry: leave it to the machine's set-up.")
    return found


def lengths(path, text):
    """Find files and functions that are too long to be one thing.

    :rtype: list[str]
    """
    if path.suffix not in (".py", ".js"):
        return []
    found = []
    size = len(text.splitlines())
    if size > MAX_FILE_LINES:
        found.append(f"{path}: {size} lines: split it, {MAX_FILE_LINES} are the most.")
    for node in ast.walk(ast.parse(text)) if path.suffix == ".py" else ():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            size = node.end_lineno - node.lineno + 1
            if size > MAX_FUNCTION_LINES:
                found.append(
                    f"{path}:{node.lineno}: {node.name} has {size} lines: split it, "
                    f"{MAX_FUNCTION_LINES} are the most."
                )
    return found
