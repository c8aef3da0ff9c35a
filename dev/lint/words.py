"""Find words that the product does not use; ``words.toml`` names them and says what to write."""

import ast
import collections
import fnmatch
import pathlib
import re

import tomllib

HERE = pathlib.Path(__file__).parent
CODE = (".py", ".xml", ".js", ".scss", ".css", ".csv", ".html", ".sql", ".toml")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Odoo's export ends in its messages; the msgid is what a screen shows.
MESSAGE = re.compile(r'^msgid ((?:"(?:[^"\\]|\\.)*"\n)+)', re.MULTILINE)


def measure_words(sources):
    """Count the lines, names and texts of screens with a banned word, area by area.

    :param list sources: of `dev.lint.sources`
    :return: by key: the figure and its findings
    :rtype: dict[str, tuple[float, list[str]]]
    """
    rules = load_rules(tomllib.loads((HERE / "words.toml").read_text()))
    allowed = load_allowed((HERE / "words_allowed.txt").read_text())
    found = collections.defaultdict(list)
    for source in sources:
        area = area_of(source)
        if area and not any(fnmatch.fnmatch(source.name, name) for name in rules["skip"]):
            found[area] += find_banned(source, area, rules, allowed)
    areas = ("product", "screens", "guides", "dev", "tests")
    return {f"words_{area}": (len(found[area]), found[area]) for area in areas}


def area_of(source):
    """Tell which figure a file counts for.

    :param Source source: the file
    :return: None if it is not looked at
    :rtype: str | None
    """
    suffix = pathlib.PurePosixPath(source.name).suffix
    if suffix == ".pot":
        return "screens"
    if suffix == ".md":
        is_translated = source.parts[0] == "docs" and source.parts[1] in ("ar", "kk", "ru")
        return None if is_translated else "guides"
    if suffix not in CODE:
        return None
    if source.is_test:
        return "tests"
    return "product" if source.addon else "dev"


def load_rules(table):
    """Compile the words, by where they are banned.

    :param dict table: of ``words.toml``
    :return: for each scope a list of patterns and what to write instead; the files to skip
    :rtype: dict
    """
    rules = {"skip": table["skip"]}
    for scope in ("text", "name", "module", "screen"):
        rows = [("|".join(row["not"]), row["but"]) for row in table[scope]]
        any_of = "|".join(pattern for pattern, _ in rows)
        rules[scope] = [(_compile_words(pattern), but) for pattern, but in [(any_of, ""), *rows]]
    return rules


def _compile_words(pattern):
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def search_rules(rules, text):
    """Find the first banned word of a text.

    :param list rules: of one scope; the first stands for all of them, as most texts have none
    :param str text: a line, a name or a message
    :return: the word and what to write instead
    :rtype: tuple[str, str] | None
    """
    any_of, *rows = rules
    if not any_of[0].search(text):
        return None
    return next((found[0], but) for rule, but in rows if (found := rule.search(text)))


def load_allowed(text):
    """Read the places where a word is meant otherwise.

    :param str text: ``glob of files: what stands there`` on each line
    :rtype: list[tuple[str, str]]
    """
    rows = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [tuple(part.strip() for part in row.split(":", 1)) for row in rows]


def find_banned(source, area, rules, allowed):
    """Return what is banned in a file, a line each.

    :param Source source: the file
    :param str area: of `area_of`
    :param dict rules: of `load_rules`
    :param list allowed: of `load_allowed`
    :rtype: list[str]
    """
    found = []
    for number, kind, text in candidates(source, area):
        if any(fnmatch.fnmatch(source.name, glob) and part in text for glob, part in allowed):
            continue
        hit = next(filter(None, (search_rules(rules[scope], text) for scope in kind)), None)
        if hit:
            word, but = hit
            what = f"{word!r} in {text.strip()[:90]!r}"
            found.append(f"{source.name}:{number}: {what}: write {but}")
    return found


def candidates(source, area):
    """Yield what of a file is looked at.

    :param Source source: the file
    :param str area: of `area_of`
    :return: the number of the line, the scopes of the words, the text
    :rtype: Iterator[tuple[int, tuple[str, ...], str]]
    """
    if area == "screens":
        for match in MESSAGE.finditer(source.text):
            parts = [ast.literal_eval(part) for part in match[1].splitlines()]
            yield source.text.count("\n", 0, match.start()) + 1, ("text", "screen"), "".join(parts)
        return
    scopes = ("text", "screen") if area == "guides" else ("text",)
    for number, line in enumerate(source.text.splitlines(), 1):
        yield number, scopes, line
    stem = pathlib.PurePosixPath(source.name).stem
    yield 1, ("name", "module"), split_name(stem)
    if source.name.endswith(".py"):
        for node in ast.walk(source.tree):
            for number, name in defined_names(node):
                yield number, ("name",), split_name(name)


def defined_names(node):
    """Yield the names that others meet: classes, functions, arguments, fields and constants.

    :param ast.AST node: a part of the syntax tree
    :return: the number of the line and the name
    :rtype: Iterator[tuple[int, str]]
    """
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.lineno, node.name
    if isinstance(node, ast.arg):
        yield node.lineno, node.arg
    if isinstance(node, (ast.ClassDef, ast.Module)):
        for statement in node.body:
            targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
            for target in targets:
                if isinstance(target, ast.Name):
                    yield statement.lineno, target.id


def split_name(name):
    """Write an identifier as words.

    :param str name: ``_take_back``, ``TakeBack``
    :rtype: str
    """
    return " ".join(CAMEL.sub("_", name).lower().replace("-", "_").split("_")).strip()
