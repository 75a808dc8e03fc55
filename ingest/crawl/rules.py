"""By which rules a page was looked at: where they have changed, an unchanged page is looked at anew."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version

from ingest.crawl.sites import Site

RULES = {"title", "report", "listing", "skip", "way", "years", "hosts", "depth"}


def rules_of(site: Site) -> str:
    """A short mark of what decides about links: the site's own rules and this program."""
    said = site.model_dump_json(include=RULES)
    return sha256(f"{version('guidang')} {said}".encode()).hexdigest()[:16]
