"""The rules that tell what a link leads to by what it says, where it stands and how it is built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from archive.crawl.records import TaskKind
from ingest.crawl.classify import link_words
from ingest.crawl.classify.url_hints import is_article, is_file, names_disclosure
from ingest.crawl.config import Site
from ingest.crawl.pages.models import Link, PageView
from ingest.crawl.pages.urls import canonical, default_hosts

# A kind, whether it leads deeper, and the rule in one short line.
Verdict = tuple[TaskKind | None, bool, str]

_SPEAKS = re.compile(r"信息公开|政务公开|政府公开")
_ANNUAL = re.compile(
    r"(?:信息公开|政务公开|政府公开).{0,40}(?:年报|年度报告|年度工作报告)|(?:年报|年度报告).{0,20}信息公开"
)
_ATTACHED = re.compile(r"附件|下载|\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar)|全文|原文|正文", re.I)
_REPORTS = re.compile(r"年报|年度报告")
# What stands between a page's own name and that of its site in its title.
_SITE_NAME = re.compile(r"[_|｜]|-{1,2}|—")
NOTHING = "says nothing of reports"
FURTHER = "a further page of this list"
LISTED = "a list that a script of this page gets"


@dataclass(frozen=True, slots=True)
class LinkRules:
    """A site's settings, made ready once."""

    title: re.Pattern[str]
    way: re.Pattern[str]
    report: re.Pattern[str] | None
    listing: re.Pattern[str] | None
    skip: re.Pattern[str] | None
    hosts: tuple[str, ...]
    first: int
    last: int
    depth: int


@dataclass(frozen=True, slots=True)
class LinkContext:
    """The page that links stand on: whether it speaks of disclosure, or of annual reports, or is one."""

    address: str
    url: str
    depth: int
    speaks: bool
    annual: bool
    is_report: bool
    has_content: bool
    has_rows: bool


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def rules_of(site: Site) -> LinkRules:
    """Make a site's settings ready for use."""
    first, _, last = site.years.partition("-")
    return LinkRules(
        title=_compiled(site.title),
        way=_compiled(site.way),
        report=_compiled(site.report) if site.report else None,
        listing=_compiled(site.listing) if site.listing else None,
        skip=_compiled(site.skip) if site.skip else None,
        hosts=site.hosts or default_hosts(site.start),
        first=int(first or 0),
        last=int(last or first or 9999),
        depth=site.depth,
    )


def context_of(view: PageView, rules: LinkRules, depth: int, is_report: bool) -> LinkContext:
    """Tell what a page speaks of: by its headline, its title without the site's name, and its place."""
    name = _SITE_NAME.split(view.title)[0]
    head = link_words.normal(f"{view.heading} {name}")
    about = head + link_words.normal(view.place)
    may_be = not link_words.no_report(head)
    called = bool(rules.title.search(head) and link_words.years(head))
    return LinkContext(
        address=canonical(view.url),
        url=view.url,
        depth=depth,
        speaks=bool(_SPEAKS.search(about)),
        annual=may_be and bool(_ANNUAL.search(about)),
        is_report=is_report or (may_be and (called or view.has_statutory_tables)),
        has_content=bool(view.content),
        has_rows=any(link.how not in ("paging", "frame") and len(link.text) >= 6 for link in view.links),
    )


def verdict(link: Link, words: str, page: LinkContext, rules: LinkRules) -> Verdict:
    """Try the rules in order; the first that has something to say decides."""
    for rule in (_by_settings, _by_makeup, _by_title, _by_row, _by_place, _by_way):
        found = rule(link, words, page, rules)
        if found is not None:
            return found
    return None, False, NOTHING


def _by_settings(link: Link, words: str, page: LinkContext, rules: LinkRules) -> Verdict | None:
    if rules.report and rules.report.search(link.url):
        return _document(link), True, "its address matches report"
    if rules.listing and rules.listing.search(link.url):
        return TaskKind.LIST, link.how != "paging", "its address matches listing"
    return None


def _document(link: Link) -> TaskKind:
    return TaskKind.FILE if is_file(link) else TaskKind.REPORT


def _by_makeup(link: Link, words: str, page: LinkContext, rules: LinkRules) -> Verdict | None:
    """Frames, forwarding and the leaves of a list."""
    if link.how in ("frame", "embed", "refresh") and is_file(link):
        return _shown_file(words, page, rules)
    if link.how == "embed":
        return None, False, "an embedded thing that is no file"
    if link.how == "frame":
        return TaskKind.LIST, False, "a frame of this page"
    if link.how == "list":
        return _listed(page)
    if link.how == "refresh":
        return TaskKind.LIST, False, "this page goes on there by itself"
    if link.how == "paging" and not page.has_rows:
        return None, False, "a further page of a list without rows"
    return (TaskKind.LIST, False, FURTHER) if link.how == "paging" else None


def _listed(page: LinkContext) -> Verdict:
    """A list that a script would get: the home page has a dozen of news, so it must be on the way."""
    if page.depth or page.speaks or page.annual:
        return TaskKind.LIST, False, LISTED
    return None, False, "a list of a page that does not speak of disclosure"


def _shown_file(words: str, page: LinkContext, rules: LinkRules) -> Verdict:
    if page.is_report or page.annual or (rules.title.search(words) and not link_words.no_report(words)):
        return TaskKind.FILE, True, "a file shown in a report's page"
    return None, False, "shows a file that is no report"


def _by_title(link: Link, words: str, page: LinkContext, rules: LinkRules) -> Verdict | None:
    """Words like those of a report: 政府信息公开工作年度报告."""
    match = rules.title.search(words)
    cut = link_words.is_cut_report(words) and bool(link_words.years(words) or page.annual)
    if not match and not cut:
        return None
    trap = link_words.no_report(words)
    # Whoever asks for such words in the settings means them.
    if trap and not (match and trap in match[0]):
        return None, False, f"is about reports, but none: {trap}"
    if is_file(link):
        return TaskKind.FILE, True, "a file that is called like a report"
    if link_words.years(words) or is_article(link.url):
        return TaskKind.REPORT, True, "is called like a report" + ("" if match else ", cut short")
    return TaskKind.LIST, True, "is called like annual reports, without a year"


def _by_row(link: Link, words: str, page: LinkContext, rules: LinkRules) -> Verdict | None:
    """A link that says only 查看 or 下载: its row tells, if it names one report."""
    if not words and names_disclosure(link.url):
        return TaskKind.LIST, True, "a picture whose address speaks of disclosure"
    row = link_words.normal(link.around)
    if not link_words.says_nothing(words) or link_words.no_report(row):
        return None
    if len(rules.title.findall(row)) == 1 and link_words.years(row):
        return _document(link), True, "stands in a row that is called like a report"
    start = row[:40]
    if link_words.says_more(words) and rules.way.search(start) and not link_words.aside(start):
        return TaskKind.LIST, True, "more of what its row names"
    return None


def _by_place(link: Link, words: str, page: LinkContext, rules: LinkRules) -> Verdict | None:
    """Words that mean a report only where they stand: 2023年, ××局, 附件1."""
    if is_file(link):
        return _file_in_place(link, words, page)
    if link_words.is_bare_report(words) and _speaks(link, page):
        return TaskKind.REPORT, True, "an annual report in a list of disclosure"
    if page.annual and (link_words.is_year_only(words) or link_words.is_organ(words)):
        kind = TaskKind.REPORT if is_article(link.url) else TaskKind.LIST
        return kind, True, "a year or an organ in a list of annual reports"
    if page.speaks and not page.is_report and link_words.is_organ(words) and not link_words.aside(words):
        return TaskKind.LIST, True, "an organ on a page of disclosure"
    return None


def _speaks(link: Link, page: LinkContext) -> bool:
    return page.speaks or page.annual or bool(_SPEAKS.search(link_words.normal(link.around)))


def _file_in_place(link: Link, words: str, page: LinkContext) -> Verdict | None:
    trap = link_words.no_report(words) or link_words.foreign(words)
    if trap:
        return None, False, f"a file, but no report: {trap}"
    dated = bool(_REPORTS.search(words) and link_words.years(words)) and (page.annual or page.speaks)
    whose = link_words.is_organ(words) or link_words.is_year_only(words) or link_words.says_nothing(words)
    in_list = page.annual and whose and (link.inside or not page.has_content)
    if in_list or dated or (link_words.is_bare_report(words) and _speaks(link, page)):
        return TaskKind.FILE, True, "a file in a list of annual reports"
    if not page.is_report:
        return None, False, "a file that says nothing of reports"
    within = link.inside or not page.has_content or link.how in ("data", "script")
    if within or (_ATTACHED.search(words) and not link_words.aside(words)):
        return TaskKind.FILE, True, "a file on a report's page"
    return None, False, "a file in the frame of a report's page"


def _by_way(link: Link, words: str, page: LinkContext, rules: LinkRules) -> Verdict | None:
    """Words that lead to where reports are: 政务公开, 信息公开, 年报."""
    found = rules.way.search(words)
    if not found or is_file(link):
        return None
    trap = link_words.aside(words) or link_words.no_report(words)
    if trap and trap not in found[0]:
        return None, False, f"another part of disclosure: {trap}"
    if link_words.foreign(words) and "信息公开" not in words:
        return None, False, f"of something else: {link_words.foreign(words)}"
    if len(words) > 24 and is_article(link.url):
        return None, False, "an article, not a way to reports"
    return TaskKind.LIST, True, f"says {found[0]}"
