"""The public list of what was asked: its order, its choices, its feed and its file."""

import csv
import io
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.consultations.models import State
from dialog.core import clock
from dialog.debates import answering
from dialog.debates.models import Post, PostState, Thread
from dialog.duties import asking as duties_of_askers
from dialog.duties import queries as duties
from dialog.duties.models import DeclineCode, Duty, DutyState, Recess
from dialog.pages import answers_queries, sheets
from dialog.rules.promise import Numbers
from dialog.rules.workdays import add_working_days
from tests import make
from tests.pages import town as towns

NOW = clock.now()
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db, now=NOW - timedelta(days=60))


def ask(db: Session, thread: Thread, body: str, days: int, **duty: object) -> Post:
    """A question of so many days ago, with what became of its duty."""
    question = make.make_question(db, thread, body=body, now=NOW - timedelta(days=days))
    owed = owed_for(db, question)
    for name, value in duty.items():
        setattr(owed, name, value)
    db.flush()
    return question


def answer(db: Session, question: Post, days_ago: int, body: str = "Det gør vi.") -> Post:
    """The politician's answer."""
    thread = db.get_one(Thread, question.thread_id)
    return make.make_post(
        db, thread, make.make_politician(db), under=question, body=body,
        now=NOW - timedelta(days=days_ago),
    )  # fmt: skip


def owed_for(db: Session, question: Post) -> Duty:
    found = duties.duty_of(db, question.id)
    assert found
    return found


def listed(client: FlaskClient, path: str = "/answers") -> list[str]:
    """The headings of the lines, in their order."""
    page = client.get(path)
    assert page.status_code == 200
    return re.findall(r"<h3><a href=\"/posts/\d+\"><bdi>(.*?)</bdi>", page.text)


def rows_of(client: FlaskClient, path: str = "/answers.csv") -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\N{BYTE ORDER MARK}"))))


def test_whoever_has_waited_longest_stands_first(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    for body, days in (("Nyt?", 2), ("Ældst?", 30), ("Midt?", 9)):
        ask(db, thread, body, days)
    slow, quick = ask(db, thread, "Langsomt?", 40), ask(db, thread, "Hurtigt?", 40)
    answer(db, slow, 10)
    answer(db, quick, 39)
    db.commit()
    assert listed(client) == ["Ældst?", "Midt?", "Nyt?", "Langsomt?", "Hurtigt?"]


def test_an_answer_that_came_too_late_says_so(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    late, punctual = ask(db, thread, "Sent?", 30), ask(db, thread, "I tide?", 30)
    owed_for(db, late).due_at = NOW - timedelta(days=10)
    owed_for(db, punctual).due_at = NOW - timedelta(days=2)
    answer(db, late, 3)
    answer(db, punctual, 3, "Det gør vi også her, allerede i år.")
    db.commit()
    page = client.get("/answers").text
    assert page.count(", efter fristen)") == 1
    assert ", efter fristen)" in client.get(f"/posts/{late.id}").text


def test_the_next_page_goes_on_where_the_first_one_ended(
    db: Session, client: FlaskClient, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers_queries, "PAGE", 3)
    for number in range(5):
        ask(db, thread, f"Spørgsmål {number}?", 20 - number)
    answer(db, ask(db, thread, "Besvaret?", 21), 3)
    db.commit()
    first = client.get("/answers").text
    onward = re.search(r'href="(/answers\?after=[^"]+)"', first)
    assert onward
    assert [*listed(client), *listed(client, onward[1])] == [
        *(f"Spørgsmål {number}?" for number in range(5)), "Besvaret?",
    ]  # fmt: skip


def test_each_choice_lists_its_own(db: Session, client: FlaskClient, thread: Thread) -> None:
    late = NOW - timedelta(days=4)
    ask(db, thread, "Sent?", 20, due_at=late)
    ask(db, thread, "Venter?", 1, due_at=NOW + timedelta(days=4))
    ask(db, thread, "Nej?", 9, state=DutyState.DECLINED, declined_at=NOW,
        decline_code=DeclineCode.PERSONAL_CASE)  # fmt: skip
    answer(db, ask(db, thread, "Ja?", 8), 2)
    db.commit()
    for show, wanted in {
        "all": {"Sent?", "Venter?", "Nej?", "Ja?"}, "waiting": {"Sent?", "Venter?"},
        "late": {"Sent?"}, "answered": {"Ja?"}, "declined": {"Nej?"}, "promised": set(),
        "findes-ikke": {"Sent?", "Venter?", "Nej?", "Ja?"},
    }.items():  # fmt: skip
        assert set(listed(client, f"/answers?show={show}")) == wanted
    page = client.get("/answers").text
    assert "Over fristen (1)" in page
    assert "Det handler om en personlig sag." in page


def test_a_dialogue_and_a_committee_can_be_chosen(db: Session, client: FlaskClient) -> None:
    budget, schools = make.make_consultation(db), make.make_consultation(db, "skoler")
    first = make.make_thread(db, budget, now=NOW - timedelta(days=60))
    other = make.make_thread(db, schools, title="Skoler?", now=NOW - timedelta(days=60))
    committee = make.make_committee(db, "Skoleudvalget")
    ask(db, first, "Budget?", 3)
    ask(db, other, "Skole?", 3, committee_id=committee.id)
    db.commit()
    assert listed(client, "/answers?dialogue=skoler") == ["Skole?"]
    assert listed(client, f"/answers?committee={committee.id}") == ["Skole?"]
    assert listed(client, "/answers?dialogue=budget-2028") == ["Budget?"]


def test_what_is_hidden_withdrawn_or_in_a_draft_stands_nowhere(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    ask(db, thread, "Synlig?", 3)
    for state in (PostState.HIDDEN, PostState.WITHDRAWN, PostState.REMOVED):
        ask(db, thread, f"zq{state}", 3).state = state
    draft = make.make_consultation(db, "kladde")
    hidden = make.make_thread(db, draft, title="Kladde?", now=NOW - timedelta(days=60))
    ask(db, hidden, "zqkladde", 3)
    draft.state = State.DRAFT
    db.commit()
    for path in ("/answers", "/answers.csv", "/answers.atom", "/politicians"):
        page = client.get(path).text
        assert "zq" not in page, path
    assert listed(client) == ["Synlig?"]


def test_a_question_laid_together_waits_for_the_other(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    lead = ask(db, thread, "Først?", 9)
    ask(db, thread, "Igen?", 8, state=DutyState.MERGED, merged_into_id=owed_for(db, lead).id)
    db.commit()
    assert listed(client, "/answers?show=waiting") == ["Først?", "Igen?"]
    assert f'href="/posts/{lead.id}">Se det spørgsmål' in client.get("/answers").text
    answer(db, lead, 1)
    db.commit()
    assert set(listed(client, "/answers?show=answered")) == {"Først?", "Igen?"}


def test_the_file_has_every_line_with_machine_readable_moments(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    question = ask(db, thread, "Hvad koster det?", 9)
    given = answer(db, question, 2)
    ask(db, thread, "Og hvornår?", 3)
    db.commit()
    second, first = rows_of(client)
    assert (first["state"], second["state"]) == ("answered", "triage")
    assert first["url"] == f"http://localhost/posts/{question.id}"
    assert first["answer_url"] == f"http://localhost/posts/{given.id}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first["due_at"])
    assert int(first["waited_working_days"]) >= 3
    assert "Karen" not in client.get("/answers.csv").text  # names of citizens stay in the debate


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", " =cmd|'/c calc'!A0", "|x", "%x"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert sheets.cell(text) == f"'{text}"


def test_a_question_that_looks_like_a_formula_comes_out_as_text(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    ask(db, thread, '=HYPERLINK("https://ond.example","klik")', 3)
    db.commit()
    (row,) = rows_of(client)
    assert row["question"].startswith("'=HYPERLINK")


def test_the_feed_is_well_formed_and_newest_first(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    old = ask(db, thread, "Gammelt <b> & nyt?", 30)
    ask(db, thread, "Nyt?", 3)
    answer(db, old, 1)
    db.commit()
    answered = client.get("/answers.atom")
    assert answered.mimetype == "application/atom+xml"
    feed = ET.fromstring(answered.data)
    entries = feed.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}title") for each in entries] == ["Gammelt <b> & nyt?", "Nyt?"]
    assert "Besvaret" in str(entries[0].findtext(f"{ATOM}summary"))
    assert entries[0].findtext(f"{ATOM}id") == f"http://localhost/posts/{old.id}"
    assert all(each.findtext(f"{ATOM}updated") for each in entries)


def test_what_the_asker_says_of_an_answer_is_news_in_the_feed(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    asked = ask(db, thread, "Fik jeg svar?", 30)
    answer(db, asked, 9)
    ask(db, thread, "Nyt?", 3)
    ask(db, thread, "Set i går?", 20, acknowledged_at=NOW - timedelta(days=1))
    owed = owed_for(db, asked)
    duties_of_askers.contest(
        db, make.make_citizen(db), owed, reason="Der mangler et tal.", numbers=Numbers(),
        now=NOW - timedelta(days=2),
    )  # fmt: skip
    db.commit()
    feed = ET.fromstring(client.get("/answers.atom").data)
    titles = [each.findtext(f"{ATOM}title") for each in feed.findall(f"{ATOM}entry")]
    assert titles == ["Set i går?", "Fik jeg svar?", "Nyt?"]


def test_a_recess_is_told_ahead(db: Session, client: FlaskClient, thread: Thread) -> None:
    today = clock.local(NOW).date()
    for name, ahead in (("Vinterferie", 10), ("Om længe", 300)):
        first = today + timedelta(days=ahead)
        db.add(Recess(name=name, first_day=first, last_day=first, created_at=NOW))
    ask(db, thread, "Hvornår?", 3, paused_days=4)
    db.commit()
    page = client.get("/answers").text
    assert "Vinterferie" in page
    assert "Om længe" not in page
    assert "Tilsammen har frister stået på pause i 4 arbejdsdage." in page


def test_an_empty_list_says_so(client: FlaskClient) -> None:
    assert "Ingen spørgsmål her" in client.get("/answers").text
    assert client.get("/answers.csv").status_code == 200
    ET.fromstring(client.get("/answers.atom").data)


@pytest.mark.parametrize("path", ["/answers", "/answers.csv", "/answers.atom", "/politicians"])
def test_it_takes_few_queries_however_much_was_asked(
    app: Flask, db: Session, client: FlaskClient, thread: Thread, path: str
) -> None:
    for number in range(12):
        question = ask(db, thread, f"Spørgsmål {number}?", 20 - number)
        if number % 3 == 0:
            answer(db, question, 3)
    reader = make.make_citizen(db)
    db.commit()
    make.sign_in(app, client, reader)
    with towns.counted_statements(app) as asked:
        client.get(path)
    assert len(asked) <= 8, asked


def test_a_politician_has_a_page_with_load_beside_speed(
    app: Flask, db: Session, client: FlaskClient, thread: Thread
) -> None:
    anders = make.make_politician(db)
    for number in range(4):
        answer(db, ask(db, thread, f"Spørgsmål {number}?", 20), 15)
    ask(db, thread, "Sent?", 30, due_at=NOW - timedelta(days=9))
    reader = make.make_citizen(db)
    db.commit()
    make.sign_in(app, client, reader)
    with towns.counted_statements(app) as asked:
        page = client.get(f"/politicians/{anders.id}").text
    assert len(asked) <= 8, asked
    assert "5 spørgsmål" in page
    assert re.search(r"\d arbejdsdage?</td>", page)
    assert listed(client, f"/politicians/{anders.id}")[0] == "Sent?"


def test_while_facts_are_found_the_question_still_stands_with_the_politician(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    anders, chief = make.make_politician(db), make.make_chief(db)
    question = ask(db, thread, "Hvor mange er det?", 1)
    answering.ask_for_facts(
        db, anders, question_id=question.id, reason="Hvor mange er det i dag?",
        until=add_working_days(clock.local(NOW).date(), 3), now=NOW,
    )  # fmt: skip
    assert owed_for(db, question).holder_id == chief.id
    db.commit()
    page = client.get("/answers").text
    assert f'<a href="/politicians/{anders.id}">Anders Toft (L)</a>' in page
    assert "Forvaltningen finder fakta" in page
    assert listed(client, f"/politicians/{anders.id}") == ["Hvor mange er det?"]
    assert "0 besvaret, 1 venter" in client.get("/politicians").text
    assert rows_of(client)[0]["owed_by"] == "Anders Toft"


def test_too_few_answers_have_no_median(db: Session, client: FlaskClient, thread: Thread) -> None:
    answer(db, ask(db, thread, "Én gang?", 20), 15)
    db.commit()
    page = client.get(f"/politicians/{make.make_politician(db).id}").text
    assert "For få svar til at sige noget" in page


def test_nobody_but_a_politician_has_such_a_page(db: Session, client: FlaskClient) -> None:
    citizen = make.make_citizen(db)
    db.commit()
    assert client.get(f"/politicians/{citizen.id}").status_code == 404
