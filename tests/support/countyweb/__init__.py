"""An invented county's web sites on loopback, as such sites really are; they write down every request.

with County() as county:
    county.write_plan(path)      SITES.toml for a crawl of them
    county.wanted()              the documents that are there
    county.go_to(3)              the third night: what the sites changed
    county.hits                  what was asked for
"""

from tests.support.countyweb.county import County
from tests.support.countyweb.server import Hit
from tests.support.countyweb.web import Edit, Wanted

__all__ = ["County", "Edit", "Hit", "Wanted"]
