"""Whether a mail about a meeting may leave: asked by the mail room."""

from dialog.mail import standing
from dialog.meetings import queries

standing.declare("meeting", queries.meeting_can_be_read)
