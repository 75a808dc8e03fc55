"""Where documents come from and how batches run."""

from ingest.batch import ProgressListener, Summary, ingest_paths, read_pending
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
]
