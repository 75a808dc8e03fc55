"""The address of a request that asks with a body: the address of the page, `#POST:` and the body.

So that what is asked for by POST is an address like any other: it waits in the frontier, it is
told apart from others, it is seen again.
"""

from __future__ import annotations

from urllib.parse import urlencode

MARK = "#POST:"
# A longer body asks for no list; the state of an ASP.NET page has a tenth of it.
LONGEST_BODY = 400_000
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
JSON = "application/json; charset=UTF-8"


def posted(url: str, body: str) -> str:
    """The address that asks `url` with a body: fields of a form, or JSON."""
    return f"{url.partition('#')[0]}{MARK}{body}"


def posted_fields(url: str, fields: dict[str, str]) -> str:
    """The address that asks `url` with the fields of a form."""
    return posted(url, urlencode(fields))


def split_request(address: str) -> tuple[str, bytes | None, str]:
    """What to ask for: the address on the web, the body (None for GET), and the body's Content-Type."""
    url, mark, body = address.partition(MARK)
    if not mark:
        return address, None, ""
    return url, body.encode(), JSON if body[:1] in ("{", "[") else FORM
