"""Who may do what: one table, no exceptions elsewhere.

A route without an entry in `ROUTES` keeps the app from starting. What depends on the
object itself (one's own post, a draft) is decided by the `access_…` query of its room.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class NotAllowed(Exception):
    """The actor's role does not carry this action. Looks like "not found" from outside."""


class Role(StrEnum):
    VISITOR = "visitor"
    CITIZEN = "citizen"
    POLITICIAN = "politician"
    SECRETARY = "secretary"  # prepares answers for politicians; never publishes
    COMMS_CHIEF = "comms_chief"
    MODERATOR = "moderator"
    ADMIN = "admin"


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a signed-in person, a visitor (`id` None), or the installation itself."""

    id: int | None
    role: Role
    name: str = ""
    locale: str = "da"

    @property
    def signed_in(self) -> bool:
        return self.id is not None


VISITOR = Actor(None, Role.VISITOR)
SYSTEM = Actor(None, Role.ADMIN, "Dialog")


class Action(StrEnum):
    READ = "read"  # everything that is open to all
    SIGN_IN = "sign_in"  # sign-in, sign-up, links from mails
    OWN_PAGE = "own_page"  # inbox, own account, sign-out
    CLOSE_ACCOUNT = "close_account"  # one's own; whoever holds an office is let go by an admin
    WRITE = "write"  # posts, answers, drafts, withdrawing one's own
    USE_DESK = "use_desk"  # the desk of one who owes something
    OWE = "owe"  # answer what one owes, stop its clock, hand it on
    PREPARE = "prepare"  # draft an answer that a politician may publish
    RUN_MEETING = "run_meeting"  # the chair, the notes, the door; the meeting says whose it is
    ENTER_VOICES = "enter_voices"  # what was said by telephone, in the library or in a letter
    VERIFY_RESIDENTS = "verify_residents"  # slips that show that their holder lives here
    SET_UP = "set_up"  # create, fill in, open and decide consultations; see drafts
    APPROVE_OVERRIDE = "approve_override"  # the second person behind a broken rule
    TRIAGE = "triage"  # look new questions through: merge, re-address, turn down
    SUPPORT = "support"  # stand behind someone's question
    MODERATE = "moderate"  # hide and restore with a public reason
    MANAGE_PEOPLE = "manage_people"  # roles, offices, committees


_ALL = frozenset(Role)
_SIGNED_IN = _ALL - {Role.VISITOR}

TABLE: dict[Action, frozenset[Role]] = {
    Action.READ: _ALL,
    Action.SIGN_IN: _ALL,
    Action.OWN_PAGE: _SIGNED_IN,
    Action.CLOSE_ACCOUNT: frozenset({Role.CITIZEN}),
    Action.WRITE: frozenset({Role.CITIZEN, Role.POLITICIAN, Role.COMMS_CHIEF}),
    Action.USE_DESK: frozenset({Role.POLITICIAN, Role.SECRETARY, Role.COMMS_CHIEF}),
    Action.OWE: frozenset({Role.POLITICIAN}),
    Action.PREPARE: frozenset({Role.SECRETARY}),
    Action.RUN_MEETING: _SIGNED_IN,
    Action.ENTER_VOICES: frozenset({Role.COMMS_CHIEF}),
    Action.VERIFY_RESIDENTS: frozenset({Role.COMMS_CHIEF}),
    Action.SET_UP: frozenset({Role.COMMS_CHIEF, Role.ADMIN}),
    Action.APPROVE_OVERRIDE: frozenset({Role.COMMS_CHIEF, Role.ADMIN}),
    Action.TRIAGE: frozenset({Role.COMMS_CHIEF, Role.MODERATOR}),
    Action.SUPPORT: frozenset({Role.CITIZEN}),
    Action.MODERATE: frozenset({Role.MODERATOR}),
    Action.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
}

ROUTES: dict[str, Action] = {
    "static": Action.READ,
    # core
    "web.healthz": Action.READ,
    "web.brand_css": Action.READ,
    # pages
    "pages.front": Action.READ,
    "pages.five_rules": Action.READ,
    "pages.how_we_talk": Action.READ,
    "pages.privacy": Action.READ,
    "pages.accessibility": Action.READ,
    "pages.limits": Action.READ,
    "pages.answers": Action.READ,
    "pages.answers_csv": Action.READ,
    "pages.answers_atom": Action.READ,
    "pages.politicians": Action.READ,
    "pages.politician": Action.READ,
    "pages.set_language": Action.READ,
    "pages.desk": Action.USE_DESK,
    "pages.desk_question": Action.USE_DESK,
    "pages.answer": Action.OWE,
    "pages.acknowledge": Action.OWE,
    "pages.take_back": Action.OWE,
    "pages.hand_on": Action.OWE,
    "pages.decline": Action.OWE,
    "pages.give_up_promise": Action.OWE,
    "pages.ask_for_facts": Action.OWE,
    "pages.pause": Action.OWE,
    "pages.leave": Action.OWE,
    "pages.end_leave": Action.OWE,
    "pages.prepare": Action.PREPARE,
    "pages.triage": Action.TRIAGE,
    "pages.take_on": Action.TRIAGE,
    "pages.merge": Action.TRIAGE,
    "pages.re_address": Action.TRIAGE,
    "pages.turn_down": Action.TRIAGE,
    "pages.postpone": Action.SET_UP,
    "pages.close_account": Action.CLOSE_ACCOUNT,
    "pages.own_data": Action.OWN_PAGE,
    "pages.recess": Action.SET_UP,
    "pages.remove_recess": Action.SET_UP,
    # people
    "people.sign_in": Action.SIGN_IN,
    "people.sign_up": Action.SIGN_IN,
    "people.check_mail": Action.SIGN_IN,
    "people.confirm": Action.SIGN_IN,
    "people.forgot_password": Action.SIGN_IN,
    "people.reset_password": Action.SIGN_IN,
    "people.sign_in_again": Action.OWN_PAGE,
    "people.sign_out": Action.OWN_PAGE,
    "people.me": Action.OWN_PAGE,
    "people.change_password": Action.OWN_PAGE,
    "people.verify": Action.OWN_PAGE,
    "people.slips": Action.VERIFY_RESIDENTS,
    "people.withdraw_slips": Action.VERIFY_RESIDENTS,
    "people.index": Action.MANAGE_PEOPLE,
    "people.edit_person": Action.MANAGE_PEOPLE,
    "people.invite": Action.MANAGE_PEOPLE,
    "people.invite_again": Action.MANAGE_PEOPLE,
    "people.show_council": Action.MANAGE_PEOPLE,
    "people.edit_committee": Action.MANAGE_PEOPLE,
    "people.edit_party": Action.MANAGE_PEOPLE,
    # notifications
    "notifications.inbox": Action.OWN_PAGE,
    "notifications.mark_read": Action.OWN_PAGE,
    "notifications.mails": Action.OWN_PAGE,
    "notifications.stop": Action.READ,  # the signed link in a mail is what allows it
    "notifications.stop_now": Action.READ,
    # consultations
    "consultations.show": Action.READ,
    "consultations.basis": Action.READ,
    "consultations.index": Action.SET_UP,
    "consultations.create": Action.SET_UP,
    "consultations.edit": Action.SET_UP,
    "consultations.edit_basis": Action.SET_UP,
    "consultations.edit_numbers": Action.SET_UP,
    # strategy
    "strategy.edit": Action.SET_UP,
    "strategy.edit_activity": Action.SET_UP,
    "strategy.delete_activity": Action.SET_UP,
    "strategy.edit_kpi": Action.SET_UP,
    "strategy.delete_kpi": Action.SET_UP,
    # catalogue
    "catalogue.proposals": Action.READ,
    "catalogue.show": Action.READ,
    "catalogue.edit_proposals": Action.SET_UP,
    "catalogue.edit_proposal": Action.SET_UP,
    "catalogue.import_proposals": Action.SET_UP,
    "catalogue.edit_schools": Action.SET_UP,
    # meetings
    "meetings.index": Action.READ,
    "meetings.show": Action.READ,
    "meetings.of_consultation": Action.READ,
    "meetings.ics": Action.READ,
    "meetings.all_ics": Action.READ,
    "meetings.ics_of_consultation": Action.READ,
    "meetings.poster": Action.READ,
    "meetings.short": Action.READ,
    "meetings.sign_up": Action.READ,  # also without an account
    "meetings.signed_up": Action.READ,
    "meetings.seat_by_code": Action.READ,
    "meetings.seat": Action.READ,  # the code is the key
    "meetings.cancel_seat": Action.READ,
    "meetings.own_seat": Action.OWN_PAGE,
    "meetings.cancel_own_seat": Action.OWN_PAGE,
    "meetings.door": Action.RUN_MEETING,
    "meetings.sign_up_at_door": Action.RUN_MEETING,
    "meetings.check_in": Action.RUN_MEETING,
    "meetings.count_room": Action.RUN_MEETING,
    "meetings.edit_staff": Action.SET_UP,
    "meetings.edit_meetings": Action.SET_UP,
    "meetings.edit_meeting": Action.SET_UP,
    "meetings.cancel": Action.SET_UP,
    "meetings.edit_minutes": Action.SET_UP,
    # the hall
    "hall.enter": Action.READ,
    "hall.screen": Action.READ,
    "hall.room": Action.READ,
    "hall.state": Action.READ,
    "hall.raise_hand": Action.READ,  # the code on the screen is the key
    "hall.chair": Action.RUN_MEETING,
    "hall.drive": Action.RUN_MEETING,
    "hall.notes": Action.RUN_MEETING,
    "hall.take_note": Action.RUN_MEETING,
    "hall.mend_note": Action.RUN_MEETING,
    "hall.enter_voice": Action.ENTER_VOICES,
    "hall.slip": Action.RUN_MEETING,
    "hall.open_slip": Action.READ,
    "hall.own_words": Action.READ,  # the code on the slip is the key
    "hall.confirm_answer": Action.WRITE,
    "hall.versions": Action.READ,
    "hall.dissent": Action.WRITE,
    # debates
    "debates.threads": Action.READ,
    "debates.search": Action.READ,
    "debates.outline": Action.READ,
    "debates.thread": Action.READ,
    "debates.post": Action.READ,
    "debates.replies": Action.READ,
    "debates.since": Action.READ,
    "debates.reader": Action.READ,
    "debates.create_post": Action.READ,  # the command demands WRITE; a visitor keeps his text
    "debates.write": Action.READ,  # a visitor is shown the way in, with his draft kept
    "debates.follow": Action.OWN_PAGE,
    "debates.mute": Action.READ,  # the command demands OWN_PAGE; a visitor comes back signed in
    "debates.follow_question": Action.OWN_PAGE,
    "debates.save_draft": Action.WRITE,
    "debates.withdraw": Action.WRITE,
    "debates.edit_post": Action.WRITE,
    "debates.versions": Action.READ,
    "debates.preview": Action.READ,  # as with create_post
    "debates.similar": Action.WRITE,
    "debates.support": Action.OWN_PAGE,  # the command demands SUPPORT; staff are told why not
    "debates.was_answered": Action.WRITE,
    "debates.answered_with": Action.READ,
    "debates.edit_threads": Action.SET_UP,
    "debates.edit_thread": Action.SET_UP,
    "debates.create_missing": Action.SET_UP,
    # agenda
    "agenda.show": Action.READ,
    "agenda.pack_page": Action.READ,
    "agenda.pack_pdf": Action.READ,
    "agenda.suggest": Action.WRITE,
    "agenda.plan": Action.RUN_MEETING,
    "agenda.put_question_on": Action.RUN_MEETING,
    "agenda.put_title_on": Action.RUN_MEETING,
    "agenda.put_proposal_on": Action.RUN_MEETING,
    "agenda.move": Action.RUN_MEETING,
    "agenda.set_minutes": Action.RUN_MEETING,
    "agenda.take_off": Action.RUN_MEETING,
    "agenda.edit_rule": Action.RUN_MEETING,
    # moderation
    "moderation.hide": Action.MODERATE,
    "moderation.restore": Action.MODERATE,
    "moderation.log": Action.READ,
    # gate
    "gate.rules": Action.READ,
    "gate.set_up": Action.SET_UP,
    "gate.open": Action.SET_UP,
    "gate.decide": Action.SET_UP,
    "gate.request_override": Action.SET_UP,
    "gate.approve_override": Action.APPROVE_OVERRIDE,
}


def may(role: Role, action: Action) -> bool:
    """Whether `role` carries `action`; an action nobody listed is nobody's."""
    return role in TABLE.get(action, frozenset())


def demand(actor: Actor, action: Action) -> None:
    """Nothing, if the actor may.

    Raises: NotAllowed.
    """
    if not may(actor.role, action):
        raise NotAllowed(f"{actor.role} may not {action}")


def routes_without_entry(endpoints: Iterable[str]) -> list[str]:
    """The endpoints that nobody decided about, sorted. Must be empty for the app to start."""
    return sorted(set(endpoints) - ROUTES.keys())
