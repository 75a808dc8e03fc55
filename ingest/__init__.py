"""Where documents come from and how batches run.

Names are loaded when they are used: a child that reads needs none of what writes to the archive,
and starts in a third of the time without.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.batch import ProgressListener, Summary, ingest_paths, read_pending
    from ingest.diagnosis import Diagnosis, diagnose
    from ingest.handover import save_searchable
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
]

_MODULES = ("batch", "diagnosis", "handover", "picture", "rerun", "stop")


def __getattr__(name: str) -> object:
    """Load what is asked for from the module that has it."""
    if name in __all__:
        for module in (import_module(f"ingest.{one}") for one in _MODULES):
            if name in vars(module):
                return vars(module)[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
