"""The crawler: sites are listed once, and every night new and changed reports arrive by themselves.

`night.py` is the page to start from, `round.py` what happens in a round.
"""

from ingest.crawl.looked import LAYOUT as LOOKED
from ingest.crawl.looked import shown as looked
from ingest.crawl.night import Night, Wishes, look_at, run_night, summary, summary_as_json

__all__ = ["LOOKED", "Night", "Wishes", "look_at", "looked", "run_night", "summary", "summary_as_json"]
