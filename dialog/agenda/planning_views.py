"""Planning an agenda: what comes on, in what order, for how long, and by which rule."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.agenda import (
    candidates,
    choosing,
    commands,
    forms,
    ordering,
    point_queries,
    queries,
    side_queries,
)
from dialog.agenda.queries import Planning
from dialog.agenda.views import bp
from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput
from dialog.meetings.models import Meeting


@bp.get("/meetings/<int:meeting_id>/agenda/plan")
def plan(meeting_id: int) -> str:
    """What stands on the agenda, and what could."""
    return _plan_page(_planning(meeting_id))


@bp.post("/meetings/<int:meeting_id>/agenda/questions")
def put_question_on(meeting_id: int) -> Response:
    """Takes a question up."""
    question_id = _number("question_id")
    with store.transaction() as db:
        choosing.choose_as_chair(
            db, web.actor(), meeting_id=meeting_id, question_id=question_id, now=clock.now()
        )
    flash(_("Spørgsmålet står på dagsordenen nu."), "success")
    return _back(meeting_id)


@bp.post("/meetings/<int:meeting_id>/agenda/points")
def put_title_on(meeting_id: int) -> Any:
    """Adds a point of the meeting's own."""
    planning, form = _planning(meeting_id), forms.TitleForm()
    if form.validate():
        try:
            with store.transaction() as db:
                commands.put_title_on(
                    db,
                    web.actor(),
                    meeting_id=meeting_id,
                    title=form.title.data or "",
                    minutes=form.minutes.data or 0,
                    now=clock.now(),
                )
            flash(_("Punktet står på dagsordenen nu."), "success")
            return _back(meeting_id)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _plan_page(planning, form), 422


@bp.post("/meetings/<int:meeting_id>/agenda/proposals")
def put_proposal_on(meeting_id: int) -> Any:
    """Has the meeting talk about a proposal."""
    planning = _planning(meeting_id)
    form = forms.proposal_form(queries.proposals_to_put_on(store.session(), planning.meeting))
    if form.validate():
        try:
            with store.transaction() as db:
                commands.put_proposal_on(
                    db,
                    web.actor(),
                    meeting_id=meeting_id,
                    proposal_id=form.proposal_id.data or 0,
                    minutes=form.proposal_minutes.data or 0,
                    now=clock.now(),
                )
            flash(_("Forslaget står på dagsordenen nu."), "success")
            return _back(meeting_id)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _plan_page(planning, proposal_form=form), 422


@bp.post("/meetings/<int:meeting_id>/agenda/<int:item_id>/move")
def move(meeting_id: int, item_id: int) -> Response:
    """Moves a point one place up or down."""
    with store.transaction() as db:
        item = ordering.move(
            db,
            web.actor(),
            meeting_id=meeting_id,
            item_id=item_id,
            step=-1 if request.form.get("way") == "up" else 1,
            version=_number("version"),
            now=clock.now(),
        )
    return _back(meeting_id, item.code)


@bp.post("/meetings/<int:meeting_id>/agenda/<int:item_id>/minutes")
def set_minutes(meeting_id: int, item_id: int) -> Response:
    """Sets the time planned for a point."""
    try:
        with store.transaction() as db:
            commands.set_minutes(
                db,
                web.actor(),
                meeting_id=meeting_id,
                item_id=item_id,
                minutes=_number("minutes"),
                version=_number("version"),
                now=clock.now(),
            )
    except InvalidInput as error:
        flash(str(error), "error")
    return _back(meeting_id, queries.item_of(store.session(), meeting_id, item_id).code)


@bp.route("/meetings/<int:meeting_id>/agenda/<int:item_id>/off", methods=["GET", "POST"])
def take_off(meeting_id: int, item_id: int) -> Any:
    """Asks once, and why."""
    meeting = _meeting(meeting_id)
    item = queries.item_of(store.session(), meeting_id, item_id)
    form = forms.OffForm(data={"version": item.version})
    if form.validate_on_submit():
        try:
            with store.transaction() as db:
                commands.take_off(
                    db,
                    web.actor(),
                    meeting_id=meeting_id,
                    item_id=item_id,
                    reason=form.reason.data or "",
                    version=form.version.data,
                    now=clock.now(),
                )
            flash(_("Punktet er taget af. Din begrundelse står på dagsordenen."), "success")
            return _back(meeting_id)
        except InvalidInput as error:
            form.refuse(error.fields)
    point = point_queries.point(store.session(), item)
    page = render_template("agenda/take_off.html", meeting=meeting, point=point, form=form)
    return (page, 422) if form.is_submitted() else page


@bp.route("/meetings/<int:meeting_id>/agenda/rule", methods=["GET", "POST"])
def edit_rule(meeting_id: int) -> Any:
    """The selection rule: published once, and changed in public."""
    db, now = store.session(), clock.now()
    meeting, rules = _meeting(meeting_id), queries.rules(db, meeting_id)
    form = forms.rule_form(meeting, rules[0] if rules else None, now)
    if form.validate_on_submit():
        try:
            _publish(meeting_id, form)
            flash(_("Reglen er lagt ud. Alle kan læse den på dagsordenen."), "success")
            return _back(meeting_id)
        except InvalidInput as error:
            form.refuse(error.fields)
    page = render_template("agenda/edit_rule.html", meeting=meeting, rules=rules, form=form)
    return (page, 422) if form.is_submitted() else page


def _publish(meeting_id: int, form: forms.RuleForm) -> None:
    with store.transaction() as db:
        choosing.publish_rule(
            db,
            web.actor(),
            meeting_id=meeting_id,
            content=form.content(),
            reason=form.reason.data or "",
            number=form.number.data,
            now=clock.now(),
        )


def _planning(meeting_id: int) -> Planning:
    return queries.access_to_plan(store.session(), web.actor(), meeting_id)


def _meeting(meeting_id: int) -> Meeting:
    return queries.access_to_run(store.session(), web.actor(), meeting_id)


def _plan_page(
    planning: Planning,
    form: forms.TitleForm | None = None,
    proposal_form: forms.ProposalForm | None = None,
) -> str:
    """The page; a form that could not be kept stands there with what was written."""
    db, now, meeting, rule = store.session(), clock.now(), planning.meeting, planning.rule
    points = point_queries.owed_points(db, meeting.id)
    waiting = candidates.candidates(db, meeting, now)
    point_queries.with_lines(db, [*points, *waiting.shown])
    by_chair = sum(one.item.chosen_by == "chair" and bool(one.question) for one in points)
    return render_template(
        "agenda/plan.html",
        meeting=meeting,
        consultation=planning.consultation,
        points=points,
        minutes=sum(one.item.minutes for one in points),
        rule=rule,
        chair_has_left=rule.by_chair - by_chair if rule else 0,
        candidates=waiting.shown,
        candidate_count=waiting.count,
        many_sided=side_queries.many_sided(db, meeting),
        codes={one.question.id: one.item.code for one in points if one.question},
        can_change=meeting.cancelled_at is None and meeting.ends_at > now,
        form=form or forms.TitleForm(formdata=None),
        proposal_form=proposal_form
        or forms.proposal_form(queries.proposals_to_put_on(db, meeting), formdata=None),
        now=now,
    )


def _number(name: str) -> int:
    """The number sent in a field of ours; 0 for anything else."""
    sent = request.form.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _back(meeting_id: int, anchor: str | None = None) -> Response:
    return redirect(url_for(".plan", meeting_id=meeting_id, _anchor=anchor), 303)
