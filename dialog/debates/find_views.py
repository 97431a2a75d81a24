"""Finding one's way: search and the outline of a consultation."""

from flask import render_template, request

from dialog.consultations import queries as consultations
from dialog.core import clock, errors, html, web
from dialog.core import db as store
from dialog.debates import filters, outline, searching, setting_up, showing
from dialog.debates.filters import HITS
from dialog.debates.forms import number
from dialog.debates.searching import LONGEST_QUERY, Asked
from dialog.debates.views import bp

bp.record_once(lambda state: searching.keep_index_true(state.app.extensions["database"].writer))


@bp.get("/consultations/<slug>/search")
def search(slug: str) -> str:
    db, query = store.session(), html.one_line(request.args.get("q", "")[:LONGEST_QUERY])
    consultation = consultations.access_consultation(db, web.actor(), slug)
    proposals = setting_up.proposals(db, consultation.id)
    about, show = showing.chosen_proposal(proposals), filters.chosen(request.args.get("show"))
    asked = Asked(consultation.id, searching.terms_of(query), about.id if about else None, show)
    before = number(request.args.get("before", ""))
    found = searching.found_posts(db, asked, before) if asked.terms else []
    return render_template(
        "debates/search.html",
        consultation=consultation,
        query=query,
        proposals=proposals,
        about=about,
        shows=showing.shows(),
        show=show,
        found=found[:HITS],
        count=searching.count_found(db, asked) if found else 0,
        most_counted=searching.MOST_COUNTED,
        before=before,
        next_before=found[HITS - 1].hit.post.id if len(found) > HITS else None,
    )


@bp.get("/consultations/<slug>/outline", endpoint="outline")
def outline_page(slug: str) -> str:
    db, asked = store.session(), request.args
    consultation = consultations.access_consultation(db, web.actor(), slug)
    proposals = setting_up.proposals(db, consultation.id)
    about, thread_id = showing.chosen_proposal(proposals), _number_or_missing("thread")
    if thread_id is not None:
        start = number(asked.get("start", "")) or 0
        trees = [outline.whole_tree(db, consultation.id, thread_id, start)]
    else:
        about_id, after = about.id if about else None, _number_or_missing("after")
        trees = outline.trees_of(db, consultation.id, proposal_id=about_id, after=after)
    shown = trees[: outline.THREADS]
    return render_template(
        "debates/outline.html",
        consultation=consultation,
        proposals=proposals,
        about=about,
        groves=outline.groves_of(shown),
        is_one_thread=thread_id is not None,
        next_after=shown[-1].thread.id if len(trees) > outline.THREADS else None,
        now=clock.now(),
    )


def _number_or_missing(name: str) -> int | None:
    """A number in the address, or None if it is not there.

    Raises: NotFound if something else stands there.
    """
    text = request.args.get(name)
    found = number(text or "")
    if text and found is None:
        raise errors.NotFound(name)
    return found
