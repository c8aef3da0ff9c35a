"""Find tests that can't fail because they assert nothing."""

import ast
import functools

# What makes a test fail: calls whose name begins so.
ASSERTING = ("assert", "fail", "raises", "start_tour", "browser_js", "expect", "wait_for")


def measure_assertions(sources):
    """Find test functions in which nothing is asserted, neither directly nor in what they call.

    :param list sources: of `dev.lint.sources`
    :return: by key: the figure and its findings
    :rtype: dict[str, tuple[float, list[str]]]
    """
    tests = [source for source in sources if source.is_test and source.name.endswith(".py")]
    shared = {}  # helpers of all tests: what a test calls is its own file's or one of these
    for source in tests:
        if not _is_test_file(source):
            _add_calls(shared, source)
    found = [where for source in tests if _is_test_file(source) for where in _idle(source, shared)]
    return {"no_assertion": (len(found), found)}


def _is_test_file(source):
    return source.parts[-1].startswith("test_")


def _add_calls(calls, source):
    own = {}
    for node in source.functions:
        own.setdefault(node.name, set()).update(called_names(node))
    calls.update(own)


def _idle(source, shared):
    """Return the tests of a file that assert nothing."""
    calls = dict(shared)
    _add_calls(calls, source)
    asserting = _close_over({name for name, names in calls.items() if _asserts(names)}, calls)
    return [
        f"{source.name}:{node.lineno}: {node.name}"
        for node in source.functions
        if node.name.startswith("test_")
        and not _asserts(called_names(node))
        and not called_names(node) & asserting
    ]


@functools.cache
def called_names(node):
    """Return what a function calls or has as a fixture, by the last part of the name.

    :param ast.FunctionDef node: the function
    :rtype: set[str]
    """
    names = {arg.arg for arg in node.args.args}
    for item in ast.walk(node):
        if isinstance(item, ast.Assert):
            names.add("assert")
        elif isinstance(item, ast.Call):
            names.add(getattr(item.func, "attr", getattr(item.func, "id", "")))
    return names


def _asserts(names):
    return any(name.lstrip("_").lower().startswith(ASSERTING) for name in names)


def _close_over(asserting, calls):
    """Add the functions that call one which asserts, until there are no others."""
    while True:
        more = {name for name, names in calls.items() if names & asserting} - asserting
        if not more:
            return asserting
        asserting |= more
