"""The command import_file: loads, refuses, speaks."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from indicators.models import (
    DeskValue,
    Project,
    Upload,
)
from tests.actions.upload_cases import PARENTS, TEACHERS
from tests.pipeline.import_cases import DEMO, DIRTY

# --- the command --------------------------------------------------------------------------


def command(demo: Project, path: Any, *options: str, wave: str = "W0") -> str:
    out = io.StringIO()
    call_command(
        "import_file", str(path), "--project", demo.code, "--wave", wave, *options, stdout=out
    )
    return out.getvalue()


def test_the_command_loads_a_file_and_says_what_it_did(demo):
    options = ("--kind", "survey", "--instrument", "parent")
    out = command(demo, PARENTS, *options)
    assert "parent_forms.csv accepted: 2535 answers" in out
    assert "IS-13" in out
    assert "counts already" in command(demo, PARENTS, *options)


def test_the_command_refuses_a_blocked_file_with_its_problems(demo):
    with pytest.raises(CommandError) as refusal:
        command(demo, DIRTY / "desk_data.xlsx", "--kind", "desk")
    assert refusal.value.returncode == 2
    assert not DeskValue.objects.exists()


def test_the_command_speaks_json_and_dry(demo):
    found = json.loads(
        command(demo, DEMO / "baseline" / "desk_data.xlsx", "--kind", "desk", "--json", "--dry-run")
    )
    assert found["accepted"]
    assert found["problems"] == []
    assert not Upload.objects.exists()


def test_the_command_takes_a_mapping(demo, tmp_path):
    options = ("--kind", "survey", "--instrument", "teacher", "--dry-run", "--json", "--mapping")
    texts = {
        "m.yaml": '# comment\n"professional_competences/t_comp_ict": ""\n',
        "m.json": '{"professional_competences/t_comp_ict": null}',
        "m.toml": '"professional_competences/t_comp_ict" = ""\n',
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.write_text(text)
        found = json.loads(command(demo, TEACHERS, *options, str(path)))
        assert [p["value"] for p in found["problems"]] == ["t_comp_ict"]
    (tmp_path / "bad.yaml").write_text("no table")
    (tmp_path / "list.json").write_text("[]")
    for name in ("bad.yaml", "list.json", "absent.yaml"):
        with pytest.raises(CommandError, match=name):
            command(demo, TEACHERS, *options, str(tmp_path / name))


def test_the_command_says_what_it_was_not_given(demo, tmp_path):
    with pytest.raises(CommandError, match="no file"):
        command(demo, tmp_path / "absent.csv", "--kind", "desk")
    with pytest.raises(CommandError, match="no wave"):
        command(demo, PARENTS, "--kind", "desk", wave="W9")
    with pytest.raises(CommandError, match="no project"):
        call_command("import_file", str(PARENTS), "--project", "nobody", "--kind", "desk")
