"""Each addon builds a wheel that Odoo finds."""

import zipfile

import pytest
from whool import buildapi

from dev import paths


@pytest.mark.parametrize("addon", paths.ADDONS)
def test_an_addon_builds(addon, tmp_path, monkeypatch):
    monkeypatch.chdir(paths.ROOT / addon)
    with zipfile.ZipFile(tmp_path / buildapi.build_wheel(str(tmp_path))) as wheel:
        names = wheel.namelist()
        metadata = next(name for name in names if name.endswith("/METADATA"))
        text = wheel.read(metadata).decode()
    assert f"odoo/addons/{addon}/__manifest__.py" in names
    rights = "security/ir.model.access.csv"
    has_models = (paths.ROOT / addon / rights).exists()  # a bridge has none of its own
    assert (f"odoo/addons/{addon}/{rights}" in names) == has_models
    assert f"Name: odoo-addon-{addon}" in text
    assert "Requires-Dist: odoo==19.0.*" in text
    assert "Description-Content-Type: text/x-rst" in text
