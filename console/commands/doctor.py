"""`guidang doctor`: what is missing or doubtful here, and what to do about it."""

from __future__ import annotations

from contextlib import suppress

import typer

from console.delivery import deliver
from console.options import DEFAULT_ARCHIVE, Format, FormatOption, LateArchiveOption, archive_of
from core.errors import GuidangError, UsageError


def doctor(
    context: typer.Context,
    archive: LateArchiveOption = DEFAULT_ARCHIVE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what is missing or doubtful here, and what to do about it.

    Looks at the installation, the machine and where the archive is or will be.
    Exit code 1: something is `bad`; what says `warn` works, but not as it should.

    \b
    Example:
      guidang doctor --archive ./reports
    """
    from archive.export.columns import problem_columns
    from console.views import checks

    try:
        from ingest.diagnostics.doctor import diagnose
    except ImportError as error:  # the very thing a doctor is called for
        raise GuidangError(f"a part is missing ({error}): run `make install` again") from error
    with suppress(UsageError):  # of a setting: the doctor tells it in its table
        archive = archive_of(context, archive)
    found = [(part.name, part.verdict, part.found, part.remedy) for part in diagnose(archive)]
    records = [dict(zip(problem_columns.CHECK_COLUMNS, one, strict=True)) for one in found]
    deliver(records, form, problem_columns.CHECKS, lambda: [checks.checks(found)])
    if missing := [name for name, verdict, *_ in found if verdict == "bad"]:
        raise GuidangError(f"not ready: {', '.join(missing)}")
