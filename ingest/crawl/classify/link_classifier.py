"""Which links of a page lead to reports, which to pages that lead on, and why the others are left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from archive.crawl.records import TaskKind
from ingest.crawl.classify import link_words, url_hints
from ingest.crawl.classify.link_rules import (
    LISTED,
    NOTHING,
    LinkContext,
    LinkRules,
    context_of,
    rules_of,
    verdict,
)
from ingest.crawl.config import Site
from ingest.crawl.pages.models import Link, PageView
from ingest.crawl.pages.urls import canonical, is_on_site
from ingest.crawl.platforms.known_platforms import answer_rule

_SERVICE_WORDS = re.compile(
    r"登录|登陆|注册|注销|打印|分享|收藏|设为首页|无障碍|长者|繁体|手机版|English|RSS|订阅|纠错|微信|微博",
    re.I,
)
_ORDER = re.compile(
    r"(?:按|以)?(?:时间|日期|点击|热度|标题|浏览量|相关度|发布时间)?(?:升序|降序|排序|倒序)|按(?:时间|热度|点击|标题).{0,4}"
)
# A start page with no more links than this and none that is taken is only the door of the site.
_DOOR = 8
# Scripts of one page that are read, the last ones first: what fills a list stands below it.
_MOST_SCRIPTS = 2


@dataclass(frozen=True, slots=True)
class ClassifiedLink:
    """A link and what it is taken for: None is not followed.

    `deeper` tells that it leads one page further away from the start; frames
    and the leaves of a list do not. `why` is the rule, in one short line.
    """

    link: Link
    kind: TaskKind | None
    deeper: bool
    why: str


def classify_links(
    view: PageView, site: Site, depth: int, is_report: bool = False
) -> tuple[ClassifiedLink, ...]:
    """Judge every link of a page that is `depth` links away from the start.

    `is_report` says that the page is known for a report's, though it may not say so itself.

    The depth counts pages to go on from: a report or a file that a page within it
    links to is taken, and so are the files of that report, but nothing further.
    """
    rules = rules_of(site)
    page = context_of(view, rules, depth, is_report)
    judged = tuple(_judge(link, page, rules) for link in view.links)
    is_door = not depth and rules.depth and len(judged) <= _DOOR and not any(one.kind for one in judged)
    if page.annual and not page.is_report and not any(map(leads_on, judged)):
        judged += tuple(_own_scripts(view, rules))
    return tuple(map(_through_the_door, judged)) if is_door else judged


def leads_on(one: ClassifiedLink) -> bool:
    """Whether a link of a column leads to reports, or to a part of it."""
    if one.kind in (TaskKind.REPORT, TaskKind.FILE):
        return True
    is_part = one.link.how in ("list", "frame", "refresh", "paging")
    return one.kind is TaskKind.LIST and (is_part or one.why.startswith(("a year", "is called", "an organ")))


def _own_scripts(view: PageView, rules: LinkRules) -> Iterator[ClassifiedLink]:
    """The scripts of a column of annual reports that shows nothing: they say what they would ask for."""
    urls = (
        urljoin(view.url, source) for source in reversed(view.sources) if not url_hints.is_library(source)
    )
    for url in islice((url for url in urls if is_on_site(url, rules.hosts)), _MOST_SCRIPTS):
        yield ClassifiedLink(Link(url, "", "", "list", "script"), TaskKind.LIST, False, LISTED)


def _through_the_door(one: ClassifiedLink) -> ClassifiedLink:
    """From a start page that is only a picture with a way in, follow what there is."""
    if one.why != NOTHING:
        return one
    return ClassifiedLink(one.link, TaskKind.LIST, True, "one of the few ways on from the start")


def _judge(link: Link, page: LinkContext, rules: LinkRules) -> ClassifiedLink:
    words = link_words.normal(link.text)
    refusal = _refusal(link, words, page, rules)
    if refusal:
        return ClassifiedLink(link, None, False, refusal)
    kind, deeper, why = verdict(link, words, page, rules)
    bound = _too_far(kind, deeper, page, rules) or _of_other_years(kind, link, words, rules)
    return ClassifiedLink(link, None, False, bound) if bound else ClassifiedLink(link, kind, deeper, why)


def _refusal(link: Link, words: str, page: LinkContext, rules: LinkRules) -> str:
    """Why a link is not followed whatever its words say; empty if it may be."""
    if rules.skip and rules.skip.search(link.url):
        return f"matches skip, {rules.skip.pattern}"
    if link.how == "nowhere":
        return "leads nowhere that can be read off the page: a script or no web address"
    if not is_on_site(link.url, rules.hosts):
        return f"leads off the site, to {urlsplit(link.url).hostname}"
    if canonical(link.url) == page.address:
        return "is this page itself"
    asked_for = (pattern for pattern in (rules.report, rules.listing) if pattern)
    return "" if any(one.search(link.url) for one in asked_for) else _useless(link, words, page)


def _useless(link: Link, words: str, page: LinkContext) -> str:
    """Why an address leads to no report, on any site."""
    if url_hints.is_service(link.url) or (len(words) <= 12 and _SERVICE_WORDS.search(words)):
        return "a service of the site: login, print, share and the like"
    if url_hints.is_search(link.url) and answer_rule(link.url) is None:
        return "a search, which has no end"
    if link.how != "paging" and (_ORDER.fullmatch(words) or url_hints.reorders(link.url, page.url)):
        return "another order of a list"
    return ""


def _too_far(kind: TaskKind | None, deeper: bool, page: LinkContext, rules: LinkRules) -> str:
    if kind is TaskKind.LIST and page.depth + deeper > rules.depth:
        return f"deeper than {rules.depth}"
    if kind is TaskKind.REPORT and page.depth > rules.depth:
        return f"on a page deeper than {rules.depth}"
    return ""


def _of_other_years(kind: TaskKind | None, link: Link, words: str, rules: LinkRules) -> str:
    """Whether the words, or the row of a link that only says 下载, name years and none that is wanted."""
    said = link_words.normal(link.around) if link_words.says_nothing(words) else words
    named = link_words.years(said) if kind else ()
    if not named or any(rules.first <= year <= rules.last for year in named):
        return ""
    return f"of {named[0]}, outside of {rules.first}-{rules.last}"
