"""Where documents come from and how batches run.

Names are loaded when they are used: a child that reads needs none of what writes to the archive,
and starts in a third of the time without.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.batch import ProgressListener, Summary, ingest_paths, read_pending
    from ingest.bugreport import write_report
    from ingest.diagnosis import Diagnosis, diagnose
    from ingest.handover import save_searchable
    from ingest.observing import watching
    from ingest.picture import draw_page, draw_value, save_stages
    from ingest.rerun import Rerun
    from ingest.stop import Stop, ending

__all__ = [
    "Diagnosis",
    "ProgressListener",
    "Rerun",
    "Stop",
    "Summary",
    "diagnose",
    "draw_page",
    "draw_value",
    "ending",
    "ingest_paths",
    "read_pending",
    "save_searchable",
    "save_stages",
    "watching",
    "write_report",
]

_HOMES = {
    "batch": ("ProgressListener", "Summary", "ingest_paths", "read_pending"),
    "bugreport": ("write_report",),
    "diagnosis": ("Diagnosis", "diagnose"),
    "handover": ("save_searchable",),
    "observing": ("watching",),
    "picture": ("draw_page", "draw_value", "save_stages"),
    "rerun": ("Rerun",),
    "stop": ("Stop", "ending"),
}


def __getattr__(name: str) -> object:
    """Load what is asked for from the module that has it."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"ingest.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
