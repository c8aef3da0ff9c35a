"""make lint: local hooks with pinned packages, the same versions everywhere."""

import re

import pytest
import yaml

from dev import console, lint, paths, venv
from dev.lint import traces

CONFIG = yaml.safe_load((paths.ROOT / ".pre-commit-config.yaml").read_text())
HOOKS = {hook["id"]: hook for repo in CONFIG["repos"] for hook in repo["hooks"]}
PINNED = re.compile(r"(@?[\w./-]+?)(?:==|@)(\d[\w.]*)")


def pins(hook):
    return dict(PINNED.fullmatch(text).groups() for text in hook.get("additional_dependencies", ()))


def test_nothing_is_cloned():
    assert [repo["repo"] for repo in CONFIG["repos"]] == ["local"]


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_every_package_is_pinned(hook):
    if hook["language"] == "system":
        assert hook["entry"].startswith("python3 -m dev.lint.")
    else:
        assert len(pins(hook)) == len(hook["additional_dependencies"]) > 0


def test_versions_are_those_of_the_environment():
    wanted = {}
    for hook in HOOKS.values():
        wanted |= pins(hook)
    rows = [
        line.split("==")
        for line in (venv.REQUIREMENTS / "lint.txt").read_text().splitlines()
        if "==" in line
    ]
    shared = {name: version for name, version in rows if name in wanted}
    assert {"ruff", "pylint", "pydoclint"} <= set(shared)
    assert shared == {name: wanted[name] for name in shared}


@pytest.fixture
def runs(monkeypatch):
    made, statuses = [], []

    def run(*args):
        made.append(args)
        return statuses.pop(0)

    monkeypatch.setattr(lint, "run_pre_commit", run)
    return made, statuses


def test_all_files_are_looked_at_once(runs):
    made, statuses = runs
    statuses += [0]
    assert lint.main(["eslint"]) == 0
    assert made == [("run", "--all-files", "eslint")]


def test_a_finding_fails(runs):
    runs[1].append(1)
    with pytest.raises(console.Stop, match="failed"):
        lint.main([])


def test_fix_passes_if_all_could_be_fixed(runs):
    made, statuses = runs
    statuses += [1, 0]
    assert lint.main(["--fix"]) == 0
    assert made == [("run", "--all-files")] * 2


def test_the_cache_is_in_the_ignored_folder():
    assert lint.environment()["PRE_COMMIT_HOME"].startswith(str(paths.HOME))


@pytest.mark.parametrize(
    "text",
    [
        "cd /ho" + "me/ana/odoo",
        "cd /wo" + "rk/main",
        "--index" + "-url=https://example.com/simple",
        "https://ana:" + "secret@example.com/",
        "pyp" + "i.org/simple",
    ],
)
def test_traces_of_a_machine_are_found(text):
    assert len(traces.find_traces("a.md", f"one\n{text}\n")) == 1
    assert traces.find_traces("a.md", text)[0].startswith("a.md:1: ")


@pytest.mark.parametrize("text", ["https://example.com/home/page", "~/work/x", "run/root"])
def test_addresses_are_no_paths_of_a_machine(text):
    assert traces.find_traces("a.md", text) == []
