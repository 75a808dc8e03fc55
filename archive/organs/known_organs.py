"""The organs that an archive knows, and which printed names mean which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive import reviewer
from archive.db.sessions import Sessions
from archive.db.text_values import now
from archive.organs import aliases, organ_list_file, organ_pages
from archive.organs.aliases import ListLoadSummary, PrintedName
from archive.organs.organ_list_file import OrganList
from archive.organs.organ_pages import OrganPage

if TYPE_CHECKING:
    from archive.organs.suggestions import Suggestion


@dataclass(frozen=True, slots=True)
class Organs:
    """Organs and their names; `Archive.organs` gives it."""

    sessions: Sessions

    def printed_names(self) -> list[PrintedName]:
        """Every name of an organ, printed or listed, with the years of its reports."""
        with self.sessions.reading() as connection:
            return aliases.printed_names(connection)

    def page(self, part: str, first: int, count: int) -> OrganPage:
        """Some of the organs of which a name has this part, by name."""
        with self.sessions.reading() as connection:
            return organ_pages.page(organ_pages.known(connection), part, first, count)

    def suggest(self) -> list[Suggestion]:
        """Pairs of names that may mean one organ, the best grounds first. Nothing is linked."""
        from archive.organs import suggestions  # loads what compares names, which listing them can do without

        with self.sessions.reading() as connection:
            return suggestions.of_archive(connection)

    def link(self, written: Sequence[str], organ: str) -> list[str]:
        """Say that names mean an organ; give those that did not before. Raises UsageError if they cannot."""
        with self.sessions.writing() as connection:
            return aliases.link(connection, written, organ, reviewer.who(), now())

    def unlink(self, written: Sequence[str]) -> None:
        """Let names mean nothing but themselves again. Raises UsageError for one that is not linked."""
        with self.sessions.writing() as connection:
            aliases.unlink(connection, written)

    def load(self, listed: OrganList, whole: bool = False) -> ListLoadSummary:
        """Make the organs and links those of a list. Raises ListError, and does nothing, if they clash."""
        with self.sessions.writing() as connection:
            return aliases.load(connection, listed, reviewer.who(), now(), whole)

    def listed(self, printed: bool = False) -> str:
        """The organs as the TOML that `load` takes, with every `printed` name beside if asked."""
        with self.sessions.reading() as connection:
            known = aliases.with_printed(connection) if printed else aliases.listed(connection)
            return organ_list_file.write(known, aliases.noted(connection))
