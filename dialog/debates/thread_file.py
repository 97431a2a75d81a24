"""A debate tree read from a file of lines, checked whole before anything is stored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dialog.core.problems import N_, Problem, ProblemsFound
from dialog.debates import thread_lines
from dialog.debates.thread_lines import Draft

MAX_DEPTH = 50  # the opening post has depth 0
_IDS_NAMED = 10

SENTENCES: Mapping[str, str] = {
    "bad_characters": N_(
        "Linje %(line)s: Feltet “%(field)s” har tegn, der ikke kan gemmes. Fjern dem."
    ),
    "bad_date": N_(
        "Linje %(line)s: “%(value)s” er ikke et tidspunkt. "
        "Skriv created_at som 2028-09-14T19:00:00+02:00."
    ),
    "bad_json": N_(
        "Linje %(line)s er ikke gyldig JSON (fejlen er ved tegn %(column)s). "
        "Hver linje skal være ét helt JSON-objekt."
    ),
    "cycle": N_(
        "Linje %(line)s: Indlæggene svarer på hinanden i ring (%(ids)s). "
        "Ret parent_id på et af dem."
    ),
    "duplicate_id": N_(
        "Linje %(line)s: Id “%(id)s” er allerede brugt på linje %(first_line)s. "
        "Giv hvert indlæg sit eget id, eller slet den ene linje."
    ),
    "empty_field": N_("Linje %(line)s: Feltet “%(field)s” er tomt. Udfyld det."),
    "empty_file": N_("Filen er tom. Læg ét indlæg på hver linje, og prøv igen."),
    "missing_field": N_("Linje %(line)s: Feltet “%(field)s” mangler. Tilføj det."),
    "missing_title": N_(
        "Linje %(line)s: Det første indlæg i debatten mangler en titel. "
        "Skriv den i feltet title, eller giv den med --title."
    ),
    "more": N_("Der er %(count)s fejl mere. Ret de første, og prøv igen."),
    "naive_date": N_(
        "Linje %(line)s: Tidspunktet “%(value)s” mangler tidszone. "
        "Skriv den til sidst, for eksempel +01:00."
    ),
    "no_opening": N_(
        "Filen har intet indlæg, der åbner debatten. "
        "Sæt parent_id til null på det første indlæg, og giv det en titel."
    ),
    "not_an_object": N_(
        'Linje %(line)s er ikke et JSON-objekt. Skriv ét indlæg pr. linje: {"id": …}.'
    ),
    "not_utf8": N_("Linje %(line)s er ikke UTF-8. Gem filen som UTF-8, og prøv igen."),
    "orphan": N_(
        "Linje %(line)s: Indlægget “%(id)s” svarer på “%(parent_id)s”, som ikke er i filen. "
        "Tilføj det indlæg, ret parent_id, eller brug --adopt-orphans, "
        "så hænges det op under det første indlæg."
    ),
    "second_opening": N_(
        "Linje %(line)s: Indlægget “%(id)s” har ingen parent_id, "
        "men debatten åbner allerede på linje %(first_line)s. Giv det en parent_id, "
        "eller læg det i sin egen fil."
    ),
    "self_parent": N_("Linje %(line)s: Indlægget “%(id)s” svarer på sig selv. Ret parent_id."),
    "too_deep": N_(
        "Linje %(line)s: Indlægget “%(id)s” ligger mere end %(limit)s niveauer nede. "
        "Flyt det højere op med en anden parent_id."
    ),
    "too_long": N_(
        "Linje %(line)s: Feltet “%(field)s” er på %(length)s tegn; der er plads til %(limit)s. "
        "Forkort det, eller del det i to indlæg."
    ),
    "wrong_type": N_(
        "Linje %(line)s: Feltet “%(field)s” kan ikke være “%(value)s”. "
        "Felterne er tekst, og removed er true eller false."
    ),
}


@dataclass(frozen=True, slots=True)
class ImportedPost:
    """One post, ready to store. `text` is empty when it was removed; `created_at` is UTC."""

    source_id: str
    parent_source_id: str | None
    author: str
    created_at: datetime
    text: str
    removed: bool
    line: int


@dataclass(frozen=True, slots=True)
class ThreadFile:
    """A whole debate in tree order: every parent before its replies, siblings by time."""

    title: str
    posts: tuple[ImportedPost, ...]
    adopted: int


class ThreadFileError(ProblemsFound):
    """The file cannot be imported; `problems` says why, line by line."""


def read_thread(
    path_or_lines: Path | Iterable[bytes | str],
    *,
    title: str | None = None,
    adopt_orphans: bool = False,
) -> ThreadFile:
    """The debate in the file. `title` replaces the file's own.

    `adopt_orphans` hangs replies to posts that are not in the file under the opening post.
    Raises: ThreadFileError with every problem found.
    """
    problems: list[Problem] = []
    tree = _Tree(thread_lines.drafts(path_or_lines, problems), problems)
    opening = tree.opening(title)
    adopted = tree.adopt_orphans(opening) if adopt_orphans and opening else 0
    tree.check_parents()
    tree.check_cycles()
    posts = tuple(tree.in_tree_order(opening)) if opening else ()
    if problems or opening is None:
        raise ThreadFileError(problems)
    return ThreadFile((title or opening.title or "").strip(), posts, adopted)


class _Tree:
    """The drafts by id, oldest first, and the checks that make a tree of them."""

    def __init__(self, drafts: Iterable[Draft], problems: list[Problem]) -> None:
        self.problems = problems
        self.posts: dict[str, Draft] = {}
        for draft in drafts:
            first = self.posts.setdefault(draft.id, draft)
            if first is not draft:
                self._note(draft, "duplicate_id", id=draft.id, first_line=first.line)

    def _note(self, draft: Draft, code: str, /, **params: str | int) -> None:
        self.problems.append(Problem(draft.line, code, params))

    def opening(self, title: str | None) -> Draft | None:
        """The post that opens the debate; notes when there is none, or more than one."""
        roots = [post for post in self.posts.values() if post.parent_id is None]
        if not roots:
            self._note_no_opening()
            return None
        first = next((post for post in roots if post.title), roots[0])
        if not (first.title or (title or "").strip()):
            self._note(first, "missing_title")
        for post in roots:
            if post is not first:
                self._note(post, "second_opening", id=post.id, first_line=first.line)
        return first

    def _note_no_opening(self) -> None:
        if self.posts:
            self.problems.append(Problem(None, "no_opening"))
        elif not self.problems:
            self.problems.append(Problem(None, "empty_file"))

    def _orphans(self) -> list[Draft]:
        known = {None, thread_lines.UNKNOWN, *self.posts}
        return [post for post in self.posts.values() if post.parent_id not in known]

    def adopt_orphans(self, opening: Draft) -> int:
        """How many posts now hang under the opening post because theirs is not in the file."""
        orphans = self._orphans()
        for post in orphans:
            self.posts[post.id] = replace(post, parent_id=opening.id)
        return len(orphans)

    def check_parents(self) -> None:
        for post in self._orphans():
            self._note(post, "orphan", id=post.id, parent_id=post.parent_id or "")
        for post in self.posts.values():
            if post.parent_id == post.id:
                self._note(post, "self_parent", id=post.id)

    def check_cycles(self) -> None:
        """Notes each ring once, at its first line. Every post is walked at most twice."""
        settled: set[str] = set()
        for start in self.posts:
            walk: dict[str, None] = {}
            at: str | None = start
            while at in self.posts and at not in settled and at not in walk:
                walk[at] = None
                at = self.posts[at].parent_id
            if at in walk:
                self._note_cycle(list(walk), at)
            settled.update(walk)

    def _note_cycle(self, walk: list[str], entry: str | None) -> None:
        ring = walk[walk.index(entry or "") :]
        if len(ring) == 1:
            return  # answers itself: already noted
        named = ring[:_IDS_NAMED] + (["…"] if len(ring) > _IDS_NAMED else ring[:1])
        first = min((self.posts[post_id] for post_id in ring), key=lambda post: post.line)
        self._note(first, "cycle", ids=" → ".join(named))

    def in_tree_order(self, opening: Draft) -> Iterator[ImportedPost]:
        """Every post below the opening one, depth first, siblings by time and then line."""
        replies = self._replies()
        waiting = [(opening, 0)]
        while waiting:
            post, depth = waiting.pop()
            if depth > MAX_DEPTH:
                self._note(post, "too_deep", id=post.id, limit=MAX_DEPTH)
                continue
            yield _imported(post)
            waiting.extend((reply, depth + 1) for reply in reversed(replies.get(post.id, ())))

    def _replies(self) -> dict[str, list[Draft]]:
        replies: dict[str, list[Draft]] = {}
        for post in sorted(self.posts.values(), key=lambda post: (post.created_at, post.line)):
            if post.parent_id is not None:
                replies.setdefault(post.parent_id, []).append(post)
        return replies


def _imported(post: Draft) -> ImportedPost:
    return ImportedPost(
        source_id=post.id,
        parent_source_id=post.parent_id,
        author=post.author,
        created_at=post.created_at,
        text=post.text,
        removed=post.removed,
        line=post.line,
    )
