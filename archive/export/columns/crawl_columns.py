"""How sightings are exported: every visit to an address with what it met."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from archive.crawl.address_secrets import without_secrets
from archive.crawl.records import Sighting, WebChange
from archive.dataclass_tools import as_object, names_of
from archive.export.columns.base import ExportLayout, Row, plain_rows

_COLUMNS = (
    *("id", "round", "site", "at", "url", "final_url", "kind", "outcome", "reason", "status", "media_type"),
    *("size", "sha256", "text_sha256", "documents", "title", "referrer", "redirects", "headers", "tls"),
)
_ADDRESSES = ("url", "final_url", "reason", "referrer")
_NUMBERS = {"id": int, "round": int, "status": int, "size": int}


def _object(one: Sighting) -> Row:
    """All but what the crawler keeps for itself: links that it followed, the makeup of lists, secrets."""
    found = {name: getattr(one, name) for name in _COLUMNS}
    found |= {name: without_secrets(found[name]) for name in _ADDRESSES}
    redirects = [{"status": status, "url": without_secrets(url)} for status, url in one.redirects]
    headers = {name: without_secrets(value) for name, value in one.headers.items()}
    return found | {"documents": list(one.documents), "headers": headers, "redirects": redirects}


def _rows(found: Iterable[Sighting]) -> Iterator[Row]:
    """One row a sighting; what has parts is joined, or JSON."""
    for one in found:
        row = dict(_object(one))
        row["documents"] = ";".join(one.documents)
        for name in ("headers", "redirects"):
            row[name] = json.dumps(row[name], ensure_ascii=False) if row[name] else ""
        yield row


SIGHTINGS = ExportLayout(_COLUMNS, _rows, _object, _NUMBERS)
WEB_CHANGES = ExportLayout(names_of(WebChange), plain_rows, as_object)
