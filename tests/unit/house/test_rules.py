"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re

import pytest

from tests.unit.house.product import PACKAGES, ROOT, modules, templates

NO_CONCEPT = {"utils.py", "helpers.py", "common.py", "misc.py", "util.py"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
INLINE = re.compile(r"""\sstyle=|<style\b|\son[a-z]+=["']|\shx-on|javascript:""")
SCRIPT = re.compile(r"<script\b([^>]*)>")
OTHER_HOST = re.compile(r"""(?:src|action)=["'](?:https?:)?//""")
NAIVE = {"utcnow", "today"}


def names(found: object) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in found)  # type: ignore[attr-defined]


def test_a_file_is_named_for_a_concept() -> None:
    assert names(path for path in modules() if path.name in NO_CONCEPT) == []


def test_nothing_is_left_unfinished() -> None:
    assert names(path for path in modules() if UNFINISHED.search(path.read_text())) == []


def test_every_module_says_what_it_is_for() -> None:
    assert names(path for path in modules() if not documented(path.read_text())) == []


def documented(text: str) -> bool:
    return not text.strip() or ast.get_docstring(ast.parse(text)) is not None


def test_no_clock_is_read_without_a_time_zone() -> None:
    assert names(path for path in modules() if reads_naive_clock(path.read_text())) == []


def reads_naive_clock(text: str) -> bool:
    attributes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute))
    return any(node.attr in NAIVE and "date" in ast.unparse(node.value) for node in attributes)


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_keeps_to_the_content_security_policy(path: object) -> None:
    text = path.read_text()  # type: ignore[attr-defined]
    inline_scripts = [
        tag for tag in SCRIPT.findall(text) if "src=" not in tag and "application/json" not in tag
    ]
    assert (INLINE.findall(text), inline_scripts, OTHER_HOST.findall(text)) == ([], [], [])


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_installed_package_is_pinned(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^ ]+", line)] == []


def test_what_runs_is_also_what_is_tested() -> None:
    run, tested = (
        (ROOT / name).read_text().splitlines() for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert sorted(set(run) - set(tested)) == []


def test_every_setting_is_described() -> None:
    described = (ROOT / ".env.example").read_text()
    read = set()
    for path in (*(ROOT / "qlplatform/settings").glob("*.py"), *(ROOT / "qlplatform/launcher").glob("*.py")):
        read |= set(re.findall(r"""(?:reading\.\w+|environ\.get)\(\s*["']([A-Z_]+)["']""", path.read_text()))
    assert sorted(name for name in read if not re.search(rf"^#{name}=", described, re.MULTILINE)) == ["PATH"]


def test_every_package_of_ours_is_checked_by_the_house_rules() -> None:
    here = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert here == set(PACKAGES)
