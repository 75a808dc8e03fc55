"""The one spider for all sites: asks for what the frontier holds, looks at the answers, keeps each visit.

Requests come from the archive's frontier and go back to it: a visit, its documents
and the addresses found in it are stored in one transaction before anything else is asked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.crawl.address_secrets import without_secrets
from archive.crawl.frontier import ORDER
from archive.crawl.records import Sighting, Task, TaskKind, Visit, VisitOutcome
from core.media_types import HTML
from ingest.crawl.classify.link_classifier import ClassifiedLink, classify_links
from ingest.crawl.classify.page_classifier import classify_page
from ingest.crawl.config import Site, mark_of_rules
from ingest.crawl.job import Forbidden, Job, Postponed
from ingest.crawl.middlewares import on_behalf_of
from ingest.crawl.neighbours import is_gone, neighbours
from ingest.crawl.page_assets import assets_changed, fetch_assets, with_parts
from ingest.crawl.pages.models import PageView
from ingest.crawl.pages.page_view import look_at
from ingest.crawl.pages.urls import canonical
from ingest.crawl.platforms.known_platforms import answer_rule, mark_of_platforms
from ingest.crawl.platforms.requests import split_request
from ingest.crawl.responses import (
    conditions,
    content_type,
    empty_visit,
    file_visit,
    kind_of,
    met,
    packed,
    page_visit,
    refused_status,
    with_inline_files,
)
from ingest.crawl.transport.error_messages import explain

UNMODIFIED = 304
Links = tuple[ClassifiedLink, ...]
# Kinds of pages whose attachments are reports.
OF_REPORTS = ("report", "carrier")
# Kinds of tasks whose pages may carry a report in their own source.
OF_DOCUMENTS = (TaskKind.REPORT, TaskKind.FILE, TaskKind.KNOWN)


class ReportSpider(Spider):
    """Visits the tasks of a job; see the module."""

    name = "guidang"

    def __init__(self, job: Job, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job = job
        self._lists: dict[tuple[str, frozenset[str]], str] = {}
        known = sha256(mark_of_platforms().encode()).hexdigest()[:8]
        self._rules = {name: mark_of_rules(site) + known for name, site in job.sites.items()}

    async def start(self) -> AsyncIterator[Request]:
        """What waits in the frontier, in the order to visit."""
        for task in self.job.memory.waiting(self.job.round):
            if task.site in self.job.sites:
                for request in self._requests(task):
                    yield request

    def closed(self, reason: str) -> None:
        """Scrapy says why it ended: finished, shutdown (a signal), or a reason of ours."""
        self.job.ended = reason

    def _requests(self, task: Task) -> Iterator[Request]:
        """The request for a task; none, and a sighting instead, where its address makes none."""
        try:
            yield self._request(task)
        except ValueError as error:
            self._keep(task, empty_visit(VisitOutcome.ERROR, f"this is no address: {error}"))

    def _request(self, task: Task, conditional: bool = True) -> Request:
        site = self.job.sites[task.site]
        last = self.job.memory.last(task.site, task.address) if conditional else None
        headers = conditions(last, self._rules[task.site])
        if task.referrer:
            headers["Referer"] = task.referrer
        url, body, sent_as = split_request(task.url)
        if body is not None:
            headers["Content-Type"] = sent_as
        if rule := answer_rule(task.url):
            headers |= rule[1].headers
        return Request(
            url,
            method="GET" if body is None else "POST",
            body=body,
            headers=headers,
            callback=self.seen,
            errback=self.missed,
            dont_filter=True,
            priority=-ORDER.index(task.kind) * 100 - task.depth,
            meta=on_behalf_of(site) | {"task": task},
        )

    async def seen(self, response: Response) -> AsyncIterator[Request]:
        """Look at an answer and keep the visit; go on to what it leads to."""
        task: Task = response.meta["task"]
        try:
            visit = await self._visit(task, response)
        except Postponed as later:
            self.job.postpone(task.site, str(later))
            return
        except Exception as error:  # whatever a page does to us must not end the round
            self.logger.exception("%s cannot be looked at", without_secrets(task.url))
            reason = f"it cannot be looked at: {type(error).__name__}"
            visit = empty_visit(VisitOutcome.ERROR, reason, **met(task, response))
        for found in self._keep(task, visit, response):
            for request in self._requests(found):
                yield request

    def missed(self, failure: Failure) -> None:
        """Keep that there was no answer, and why; what was only put off stays in the frontier."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        task: Task = request.meta["task"]
        error = failure.value or RuntimeError("nothing is known of the failure")
        if isinstance(error, Postponed):
            self.job.postpone(task.site, str(error))
        elif isinstance(error, Forbidden):
            self._keep(task, empty_visit(VisitOutcome.REFUSED, str(error), final_url=request.url))
        else:
            outcome, reason = explain(error, request)
            self._keep(task, empty_visit(outcome, reason, final_url=request.url))

    def _keep(self, task: Task, visit: Visit, response: Response | None = None) -> list[Task]:
        """Store a visit; give the new tasks that may still be visited tonight."""
        job, site = self.job, self.job.sites[task.site]
        links = visit.links
        if is_gone(task, visit):
            links += neighbours(task, job.memory.last(task.site, task.address))
        visit = replace(visit, links=job.within(site, links))
        try:
            sighting, found = job.memory.see(job.round, task, visit, job.now())
        except Exception as error:  # without the archive there is nothing to crawl for
            job.failure = job.failure or error
            raise CloseSpider("archive") from error
        job.planned[site.name] += len(found)
        job.visited += 1
        seconds = response.meta.get("download_latency", 0.0) if response is not None else 0.0
        job.heard.visited(sighting, seconds, job.planned.total() - job.visited)
        return [one for one in found if job.fetches_files or one.kind is not TaskKind.FILE]

    async def _visit(self, task: Task, response: Response) -> Visit:
        last = self.job.memory.last(task.site, task.address)
        if response.status == UNMODIFIED and last is not None:
            if await assets_changed(self._download, response, last):
                return await self._again(task)
            return empty_visit(VisitOutcome.UNMODIFIED, "", **met(task, response))
        visit = refused_status(task, response)
        if visit is not None:
            return visit
        kind = kind_of(task, response)
        if kind != HTML:
            return file_visit(task, response, kind)
        return await self._page(task, response, last)

    async def _page(self, task: Task, response: Response, last: Sighting | None) -> Visit:
        """A visit to a page; a report is kept with what belongs to it unless it prints the same."""
        site = self.job.sites[task.site]
        asked = (
            task.url if response.request is not None and response.request.method == "POST" else response.url
        )
        view = named(look_at(asked, response.body, content_type(response)), task)
        page_class = classify_page(view, site, task.title)
        judged = classify_links(view, site, task.depth, page_class.kind in OF_REPORTS)
        judged = self._without_circles(site, asked, judged)
        self.job.passed_over.update({one.link.url: (response.url, one) for one in judged if one.kind is None})
        visit = page_visit(task, response, view, page_class, judged, self._rules[site.name])
        if task.kind in OF_DOCUMENTS or page_class.kind in OF_REPORTS:
            visit = with_inline_files(task, response, visit)
        if page_class.kind != "report" or not self.job.fetches_files:
            return visit
        is_known = last is not None and last.documents and _printed(last.shape) == _printed(visit.shape)
        if is_known and not await assets_changed(self._download, response, last):
            return replace(visit, outcome=VisitOutcome.SAME, reason="it prints the same as before")
        wanted = dict.fromkeys([*page_class.images, *view.styles, *(image.url for image in view.images)])
        parts = await fetch_assets(self._download, response, list(wanted))
        return with_parts(visit, packed(task, response, parts.had, view), page_class.images, parts)

    def _without_circles(
        self, site: Site, url: str, judged: tuple[ClassifiedLink, ...]
    ) -> tuple[ClassifiedLink, ...]:
        """Leave the pager of a list whose reports another address has shown: it turns in a circle."""
        reports = frozenset(one.link.url for one in judged if one.kind in (TaskKind.REPORT, TaskKind.FILE))
        first = self._lists.setdefault((site.name, reports), url) if reports else url
        if first == url:
            return judged
        left = f"lists the same reports as {first}"
        return tuple(replace(one, kind=None, why=left) if one.link.how == "paging" else one for one in judged)

    async def _again(self, task: Task) -> Visit:
        """Ask for a page anew, whatever we hold of it."""
        response = await self._download(self._request(task, conditional=False))
        return refused_status(task, response) or await self._page(task, response, None)

    async def _download(self, request: Request) -> Response:
        response: Response = await self.crawler.engine.download_async(request)
        return response


def named(view: PageView, task: Task) -> PageView:
    """A list that has no name of its own is called like the page that it belongs to."""
    is_nameless = task.kind is TaskKind.LIST and not (view.heading or view.title)
    return replace(view, heading=task.title) if is_nameless else view


def _printed(shape: Mapping[str, Any] | None) -> str:
    """The mark of a page's text, which its page images are no part of."""
    return str((shape or {}).get("printed", ""))


def first_tasks(site: Site) -> list[Task]:
    """A task for each start page of a site."""
    return [
        Task(site.name, canonical(url), url, TaskKind.START, 0, "", "", "start page") for url in site.start
    ]
