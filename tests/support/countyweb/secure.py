"""Small sites: over TLS with chains broken as those of counties are, and one without its robots.txt."""

from __future__ import annotations

from tests.support.countyweb import originals
from tests.support.countyweb.web import Answer, Web
from tests.support.countyweb.wording import document, links, title_of


def expired(web: Web) -> None:
    """A certificate that ran out; SITES.toml says to take the site all the same."""
    _small(web, "栖禾县交通运输局", there=True)


def incomplete(web: Web) -> None:
    """A server that forgets the intermediate certificate; SITES.toml names a file with it."""
    _small(web, "栖禾县应急管理局", there=True)


def stranger(web: Web) -> None:
    """A certificate that nobody vouches for, and a site that is to be verified: nothing is taken."""
    _small(web, "栖禾县民政局", there=False)


def unready(web: Web) -> None:
    """A host whose robots.txt answers 503: it is left alone tonight."""
    _small(web, "栖禾县审计局", there=False)
    web.replies["/robots.txt"] = Answer(b"Service Unavailable", "text/plain", 503)
    web.forbidden += ["/", "/nb.html", "/nb/2023.pdf"]


def _small(web: Web, organ: str, there: bool) -> None:
    title, body = title_of(organ, 2023), originals.pdf(organ)
    web.page("/", document(organ, links([("/nb.html", "信息公开年报")])))
    web.page("/nb.html", document("信息公开年报", links([("/nb/2023.pdf", title)])))
    web.file("/nb/2023.pdf", body)
    if there:
        web.want("pdf", title, body, "/nb/2023.pdf")
