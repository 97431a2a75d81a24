"""The live channels. Outward only: a client may join and leave a channel, nothing else."""

import functools
import logging
from collections.abc import Callable, Iterable
from typing import Any

from flask_socketio import SocketIO, join_room, leave_room
from sqlalchemy.orm import Session

from dialog.core import db as store
from dialog.core import web
from dialog.core.languages import LANGUAGES

log = logging.getLogger(__name__)

MAX_FRAME = 64_000  # bytes; a client has nothing to say that is longer

socketio = SocketIO()
_channels: dict[str, Callable[[Any, int], bool]] = {}


def channel(kind: str, may_join: Callable[[Any, int], bool]) -> None:
    """Declares channels named `kind:<id>:<language>`; `may_join(actor, id)` decides each time."""
    _channels[kind] = may_join


def announce(db: Session, room: str, event: str, payload: dict[str, Any]) -> None:
    """Queues `event` for everyone in `room`; it leaves once the change is durable."""
    store.after_commit(db, lambda: emit(room, event, payload))


def emit(room: str, event: str, payload: dict[str, Any]) -> None:
    """Sends `event` to everyone in `room` now. For effects that already wait for the commit."""
    socketio.emit(event, payload, to=room)


def is_heard(room: str) -> bool:
    """Whether anyone is in `room`; where several processes share their rooms, perhaps."""
    manager: Any = socketio.server.manager
    if socketio.server_options.get("message_queue") or not hasattr(manager, "rooms"):
        return True
    return bool(manager.rooms.get("/", {}).get(room))


def end_sockets(db: Session, session_ids: Iterable[int]) -> None:
    """Queues the end of every socket that these sign-ins hold."""
    rooms = [f"session:{session_id}" for session_id in session_ids]
    for room in rooms:
        store.after_commit(db, functools.partial(_disconnect, room))


@socketio.on("connect")
def _connect(_auth: object = None) -> None:
    session_id = web.session_id()
    if session_id is not None:
        join_room(f"session:{session_id}")


@socketio.on("join")
def _join(name: object = None) -> dict[str, bool]:
    allowed = _may_join(name)
    if allowed:
        join_room(str(name))
    return {"ok": allowed}


@socketio.on("leave")
def _leave(name: object = None) -> None:
    if isinstance(name, str):
        leave_room(name)


@socketio.on_error_default
def _failed(error: Exception) -> None:
    log.warning("socket event refused: %s", type(error).__name__)


def _may_join(name: object) -> bool:
    if not isinstance(name, str) or len(name) > 40:
        return False
    kind, number, language = [*name.split(":"), "", ""][:3]
    if kind not in _channels or language not in LANGUAGES:
        return False
    if not number.isascii() or not number.isdigit():
        return False
    return _channels[kind](web.actor(), int(number))


def _disconnect(room: str) -> None:
    server: Any = socketio.server
    for sid, _eio_sid in list(server.manager.get_participants("/", room)):
        server.disconnect(sid)
