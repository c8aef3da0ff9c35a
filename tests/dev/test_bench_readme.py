"""The README quotes what the bench recorded, as it is."""

import json

from dev.bench import readme


def test_the_readme_quotes_what_was_recorded():
    text = readme.README.read_text("utf-8")
    assert readme.replace_figures(text) == text


def test_a_missed_goal_says_so(tmp_path, monkeypatch):
    goal = {"goal": "leads/s", "measured": "1/s", "wanted": "at least 2/s", "result": "MISSED"}
    checks = [{"what": "none twice", "result": "ok", "detail": ""}]
    content = {"part": "drain", "goals": [goal], "checks": checks}
    (tmp_path / "drain.json").write_text(json.dumps(content))
    monkeypatch.setattr(readme, "FOLDER", tmp_path)
    missed, held = readme.format_figures()[2:]
    assert "| **1/s: missed** | at least 2/s |" in missed
    assert "| 1 of 1 | all |" in held
