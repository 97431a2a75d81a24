"""Every code that a rule can give has its sentence, and its link a verb."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = (ROOT / "templates" / "gate" / "_sentences.html").read_text("utf-8")


def codes() -> list[str]:
    """What the rules' own files name as a finding."""
    text = "".join(path.read_text("utf-8") for path in (ROOT / "dialog" / "rules").glob("*.py"))
    said = re.findall(r'(?:finding|_minutes|_activity)\(\s*"(\w+)"', text)
    texts = re.findall(r'"(\w+_missing)":', text)
    return sorted({*said, *texts, "opens_before", "opened_before"})


@pytest.mark.parametrize("code", codes())
def test_the_code_has_a_sentence(code: str) -> None:
    assert f"code == '{code}'" in SENTENCES
