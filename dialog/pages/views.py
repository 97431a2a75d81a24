"""The front page, and the pages about the product itself."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dialog.catalogue import queries as catalogue
from dialog.consultations.models import Kind
from dialog.core import clock, languages, limits, web
from dialog.core import db as store
from dialog.core.errors import NotFound
from dialog.debates import commands as debates_commands
from dialog.debates import editing, heat, supporting, tree
from dialog.debates import queries as debates
from dialog.gate import words as gate_words
from dialog.meetings import queries as meetings
from dialog.pages import queries, words

bp = Blueprint("pages", __name__)

ANSWERS, MEETINGS, PAST = 3, 3, 5  # how many of each the front page shows
A_YEAR = 365 * 24 * 60 * 60  # seconds


@bp.get("/")
def front() -> str:
    """What is at stake, what one can take part in, and what politicians have answered."""
    db, now = store.session(), clock.now()
    cards = queries.open_cards(db, now)
    stake = _at_stake(cards)
    priced = stake is not None and stake.consultation.target_tkr is not None
    return render_template(
        "pages/front.html",
        cards=cards,
        stake=stake,
        total_tkr=catalogue.total_saving_tkr(db, stake.consultation) if stake and priced else 0,
        answers=debates.newest_answers(db, ANSWERS),
        meetings=meetings.coming_public(db, now, MEETINGS),
        past=queries.past_consultations(db, PAST),
    )


@bp.get("/five-rules")
def five_rules() -> str:
    """The five rules in words for everyone, with the way to each consultation's own page."""
    cards = queries.open_cards(store.session(), clock.now())
    return render_template(
        "pages/five_rules.html",
        cards=cards,
        titles=gate_words.TITLES,
        answer_days=web.settings().promise.answer_working_days,
    )


@bp.get("/how-we-talk")
def how_we_talk() -> str:
    """How a conversation goes here, and what happens to a question."""
    days = web.settings().promise.answer_working_days
    return render_template("pages/how_we_talk.html", answer_days=days)


@bp.get("/privacy")
def privacy() -> str:
    """What is stored about people, and what is not."""
    return render_template("pages/privacy.html")


@bp.get("/accessibility")
def accessibility() -> str:
    """What works for whom, and whom to write to when it does not."""
    return render_template("pages/accessibility.html")


@bp.get("/limits", endpoint="limits")
def limits_page() -> str:
    """How often and how long one may write, and what decides the order."""
    return render_template(
        "pages/limits.html",
        limits={name: words.limit_in_words(name) for name in limits.LIMITS},
        longest_post=debates_commands.LONGEST_POST,
        longest_topic=debates_commands.LONGEST_TOPIC,
        deepest=tree.DEEPEST,
        free_minutes=int(editing.FREE_FOR.total_seconds() // 60),
        heated_from=heat.FROM_TURNS + 1,
        waits=heat.WAITS,
        support_needed=web.settings().promise.support_needed,
        support_areas=web.settings().promise.support_areas,
        young_hours=int(supporting.YOUNG.total_seconds() // 3600),
    )


@bp.get("/language/<lang>")
def set_language(lang: str) -> Response:
    """Back to where the reader was, in another language. Sets the one cookie that holds it."""
    if lang not in languages.LANGUAGES:
        raise NotFound("language")
    onward = web.own_path(request.args.get("next")) or url_for("pages.front")
    answer = redirect(onward, 303)
    answer.set_cookie(
        languages.COOKIE,
        lang,
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=web.settings().https,
    )
    return answer


def _at_stake(cards: list[queries.Card]) -> queries.Card | None:
    """What the front page opens with: the budget decided first, else what is decided first."""
    budgets = [card for card in cards if card.consultation.kind is Kind.BUDGET]
    return next(iter(budgets or cards), None)
