"""A plausible body for every form, so that a refusal is not for want of a field."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.security.cases import Case
from tests.security.ground import Site
from tests.security.world import NOW, PASSWORD, Half

NEW_PASSWORD = "fire grønne ænder svømmer"
_DAY = "2031-03-04"
_SOON = str((NOW + timedelta(days=5)).date())  # before the meeting that is to come

_COURSE = {
    "title": "Et nyt navn", "opens_on": "2031-01-06", "first_reading_on": "2031-03-20",
    "closes_on": "2031-03-10", "decision_on": "2031-04-24", "version": "1",
}  # fmt: skip
_MEETING = {
    "version": "1", "title": "Borgermøde", "day": _DAY, "starts": "19:00", "ends": "21:00",
    "place": "Hallen", "address": "Vej 1", "chair": "Line", "note_taker": "Jens",
}  # fmt: skip
_PROPOSAL = {
    "version": "1", "code": "NY-01", "title": "Et forslag", "committee_id": "1",
    "kind": "efficiency", "is_statutory": "", "amount_0": "-2.000",
}  # fmt: skip
_SCHOOL = {
    "name": "Ny Skole", "pupils_now": "90", "pupils_forecast": "80", "forecast_year": "2031",
    "capacity": "120", "class_average": "20",
}  # fmt: skip
_PERSON = {"name": "Et Nyt Navn", "title": "", "role": "citizen", "party_id": "0", "edition": "x"}

_PLAIN: dict[str, dict[str, str]] = {
    "people.sign_in": {"email": "zqmailkaren@eksempel.dk", "password": PASSWORD},
    "people.sign_up": {"name": "Ny Borger", "email": "ny@eksempel.dk", "password": NEW_PASSWORD},
    "people.forgot_password": {"email": "zqmailkaren@eksempel.dk"},
    "people.reset_password": {"password": NEW_PASSWORD},
    "people.sign_in_again": {"password": PASSWORD},
    "people.me": {"name": "Karen Møllegaard", "area": "Havnen", "locale": "da"},
    "people.verify": {"code": "AAAA-BBBB-CCCC", "area": "Havnen"},
    "people.slips": {"place": "Hallen", "count": "2", "days": "30"},
    "people.change_password": {"current": PASSWORD, "password": NEW_PASSWORD},
    "people.edit_person": _PERSON,
    "people.invite": {"name": "Et Nyt Navn", "email": "nyt@eksempel.dk", "role": "secretary"},
    "people.edit_committee": {"name": "Skoleudvalget"},
    "people.edit_party": {"letter": "N", "name": "Nordlisten"},
    "notifications.mark_read": {"up_to": "999999"},
    "notifications.mails": {
        "own": "daily",
        "answers": "never",
        "meetings": "at_once",
        "duties": "daily",
        "threads": "never",
        "dialogues": "daily",
    },
    "consultations.create": {"title": "En ny dialog", "kind": "budget"},
    "consultations.edit_basis": {"step": "add", "source_title": "Et notat"},
    "strategy.edit": {"version": "1", "purpose": "Vi vil lytte", "audiences": "Alle"},
    "strategy.edit_activity": {"phase": "announce", "title": "Opslag", "on_date": _DAY},
    "strategy.edit_kpi": {"name": "Indlæg", "target": "300", "unit": "stk."},
    "catalogue.edit_proposal": _PROPOSAL,
    "catalogue.edit_schools": _SCHOOL,
    "meetings.edit_meeting": _MEETING,
    "meetings.sign_up": {"name": "Ny Gæst", "email": "ny@eksempel.dk", "seats": "1", "draw": "x"},
    "meetings.seat_by_code": {"code": "K7QF-9M2X-4RTB"},
    "meetings.seat": {"seats": "3"},
    "meetings.own_seat": {"seats": "3"},
    "meetings.sign_up_at_door": {"name": "Ny Gæst", "seats": "1", "draw": "x"},
    "meetings.count_room": {"attendance": "84"},
    "meetings.edit_staff": {
        "chair_0": "1",
        "chair_1": "0",
        "note_taker_0": "0",
        "note_taker_1": "0",
    },
    "meetings.cancel": {"reason": "Salen er ikke ledig"},
    "meetings.edit_minutes": {"version": "1", "source": "Der blev sagt meget."},
    "debates.create_post": {"body": "Et nyt indlæg fra en prøve.", "kind": "comment"},
    "debates.follow": {"state": "following"},
    "debates.follow_question": {"state": "following"},
    "debates.edit_post": {"body": "Rettet i en prøve.", "edition": "1"},
    "debates.preview": {"body": "Et *udkast*"},
    "debates.save_draft": {"body": "Begyndt", "kind": "comment"},
    "agenda.suggest": {},
    "agenda.put_title_on": {"title": "Velkomst", "minutes": "10"},
    "agenda.move": {"way": "down", "version": "1"},
    "agenda.set_minutes": {"minutes": "7", "version": "1"},
    "agenda.take_off": {"reason": "Det er besvaret", "version": "1"},
    "agenda.edit_rule": {
        "number": "1",
        "by_support": "4",
        "by_chair": "2",
        "selects_on": _SOON,
        "selects_time": "12:00",
        "reason": "Der kom et møde mere",
    },
    "hall.enter": {"kode": "12345"},
    "hall.raise_hand": {"kode": "12345", "name": "Anna"},
    "hall.drive": {"do": "open"},
    "hall.take_note": {"key": "noegle-1234", "kind": "remark", "body": "Salen klappede."},
    "hall.mend_note": {"body": "Salen klappede.", "edition": "1"},
    "hall.enter_voice": {"body": "Jeg kan ikke gå.", "origin": "phone", "kind": "comment"},
    "hall.open_slip": {"kode": "ABCD-EFGH-JKMN"},
    "hall.own_words": {"confirm": "1"},
    "hall.confirm_answer": {"confirm": "1"},
    "hall.dissent": {"body": "Det var ikke sådan."},
    "pages.answer": {"body": "Et svar fra en prøve.", "promise_kind": "", "others": ""},
    "pages.prepare": {"body": "Et udkast fra en prøve."},
    "pages.hand_on": {"to": "1", "reason": "Du kender området bedst"},
    "pages.decline": {"code": "personal_case", "reason": "Det handler om din egen sag", "see": ""},
    "pages.give_up_promise": {"reason": "Der er ikke penge til det i år"},
    "pages.ask_for_facts": {"reason": "Hvor mange er det i dag?", "until": _DAY},
    "pages.pause": {"cause": "illness", "reason": "Jeg har influenza", "until": _DAY},
    "pages.leave": {"first_day": _DAY, "leave_until": _DAY, "substitute_id": "1"},
    "pages.merge": {"into": "1"},
    "pages.re_address": {"to": "1", "reason": "Du kender området bedst"},
    "pages.turn_down": {"code": "personal_case", "reason": "Det handler om din egen sag"},
    "pages.postpone": {"day": _DAY, "reason": "Byrådet har flyttet sit møde"},
    "pages.recess": {"name": "Vinterferie", "first_day": _DAY, "last_day": _DAY},
    "debates.was_answered": {"answered": "no", "reason": "Du svarer ikke på det, jeg spørger om"},
    "moderation.hide": {"reason": "Indlægget nævner et barn ved navn"},
    "moderation.restore": {"reason": "Navnet var afsenderens eget"},
    "gate.request_override": {"reason": "Byrådet har fremrykket mødet"},
    "gate.decide": {"summary": "Byrådet vedtog forslaget"},
}


def _threads(half: Half) -> dict[str, Any]:
    return {
        "version": "1", "title": "En ny tråd", "intro": "Hvad synes du?",
        "meeting_id": str(half.ids["meeting"]), "proposals": [str(half.ids["proposal"])],
        "politicians": [],
    }  # fmt: skip


_BY_HALF: dict[str, Callable[[Half], dict[str, Any]]] = {
    "meetings.check_in": lambda half: {
        "sign_up_id": str(half.ids.get("sign_up", 0)),
        "arrived": "1",
    },
    "debates.edit_thread": _threads,
    "agenda.put_proposal_on": lambda half: {
        "proposal_id": str(half.ids["proposal"]),
        "proposal_minutes": "15",
    },
    "agenda.put_question_on": lambda half: {"question_id": str(half.posts["question"])},
    "debates.create_missing": lambda half: {"meeting_id": str(half.ids["meeting"])},
    "consultations.edit": lambda half: {**_COURSE, "slug": half.slug},
}


def of(site: Site, case: Case) -> dict[str, Any]:
    """What is sent there, but for the token."""
    half = site.world.draft if case.half == "draft" else site.world.open
    made = _BY_HALF.get(case.endpoint)
    fields = made(half) if made else _PLAIN.get(case.endpoint, {})
    return {**fields, "next": "/"}
