"""What kind of page has come: a report, a page that carries one, a list, or a mere message."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.crawl.classify import link_words
from ingest.crawl.config import Site
from ingest.crawl.pages.models import Image, PageView
from ingest.crawl.pages.page_text import squeezed
from ocr.html.boilerplate import DECORATIVE, FILE_NAME

# Characters of a report's text; of the little that a page prints which only has a message.
_LONG_TEXT = 600
_SHORT_TEXT = 300
_MESSAGE = 60
# A page of a report is no smaller than this, in pixels, where the page says how large it is.
_SMALL_PICTURE = 200

_SECTIONS = (
    *("总体情况", "主动公开", "依申请公开", "行政复议", "行政诉讼", "主要问题", "改进", "其他需要报告"),
    *("收费", "概述", "处理政府信息公开申请"),
)
_GONE_TITLE = re.compile(
    r"\b40[34]\b|not\s?found|页面不存在|找不到|无法找到|出错了|错误页|页面出错|访问出错|已删除", re.I
)
_GONE = re.compile(
    r"(?:页面|网页|信息|文章|文件|内容|栏目|资源|链接|地址|稿件)[^。]{0,14}(?:不存在|已经?被?删除|被删除|找不到|未找到|"
    r"无法找到|已失效|已下线|已过期|已撤销|被移除|走丢)|"
    r"(?:找不到|无法找到|未找到|没有找到)[^。]{0,16}(?:页面|网页|文件|资源|信息|内容|文章)|"
    r"(?:访问|查看|请求|寻找|浏览)的[^。]{0,16}(?:不存在|删除|找不到|失效)|"
    r"^\W*(?:HTTP\s?)?(?:Error\s?|错误\s?)?40[34]\b|"
    r"(?:page|file|resource)[^.]{0,30}(?:not\s(?:be\s)?found|does\snot\sexist)|not\sfound",
    re.I,
)
_LOGIN_TITLE = re.compile(r"登录|登陆|统一身份认证|统一认证|身份认证|login|sign\s?in", re.I)
_LOGIN = re.compile(
    r"请先?(?:登录|登陆)|(?:登录|登陆)后(?:查看|访问|再)|没有(?:访问|浏览|查看)?权限|无权(?:限)?访问|"
    r"统一身份认证|(?:用户名|账号|帐号).{0,30}密码"
)
_CHALLENGE_TEXT = re.compile(
    r"安全验证|滑动验证|完成验证|人机验证|访问过于频繁|请求过于频繁|浏览器安全检查|网站防火墙|创宇盾|安全狗|云锁|"
    r"checking your browser|just a moment|enable javascript|(?:开启|启用)javascript|"
    r"(?:访问|请求)(?:已|可能)?被?(?:拦截|阻断|禁止)",
    re.I,
)
_CHALLENGE_SCRIPT = re.compile(
    r"acw_sc__v2|__jsl_clearance|\$_ts\b|_\$[a-z0-9]{2}\b|cdn-cgi/challenge|document\.cookie\s?=|eval\s?\(|"
    r"location\.reload|challenge|captcha|safedog|yunsuo|WZWS|anti_?bot",
    re.I,
)


@dataclass(frozen=True, slots=True)
class PageClass:
    """What a page is, why, and the addresses of the pictures that are the pages of a report, in their order.

    `kind` is report, carrier, list, gone, login, challenge or page.
    """

    kind: str
    why: str
    images: tuple[str, ...] = ()


def classify_page(view: PageView, site: Site, link_text: str) -> PageClass:
    """Tell what a page is; `link_text` are the words of the link that led there."""
    words, heading = link_words.normal(link_text), link_words.normal(view.heading)
    trap = link_words.no_report(words) or link_words.no_report(heading)
    if view.has_statutory_tables and not trap:
        return PageClass("report", "prints statutory tables")
    found = _message(view)
    if found is None and not trap and _is_called(view, site, words, heading):
        found = _report(view)
    return found or _other(view, trap)


def _is_called(view: PageView, site: Site, words: str, heading: str) -> bool:
    """Whether the page, or the link to it, is called like one report rather than like a list of them."""
    called = f"{words} {heading} {link_words.normal(view.title)}"
    if not re.search(site.title, called) and not link_words.is_bare_report(words):
        return False
    others = {
        link.url for link in view.links if re.search(site.title, link.text) and link_words.years(link.text)
    }
    return bool(link_words.years(called)) or (len(others) < 3 and not link_words.is_column(heading or words))


def _message(view: PageView) -> PageClass | None:
    """A page that prints no more than a message: it is gone, wants a password, or tests who asks."""
    own = squeezed(view.own)
    if len(own) > _LONG_TEXT:
        return None
    return _challenge(view, own) or _gone(view, own) or _login(view)


def _challenge(view: PageView, own: str) -> PageClass | None:
    if len(view.links) > 5 or len(own) > _SHORT_TEXT:
        return None
    told = _CHALLENGE_TEXT.search(f"{view.title} {view.text}")
    if told:
        return PageClass("challenge", f"says {told[0]}")
    done = _CHALLENGE_SCRIPT.search(view.script)
    if done and len(own) < 50 and not view.images:
        return PageClass("challenge", f"prints nothing, and its script has {done[0]}")
    return None


def _gone(view: PageView, own: str) -> PageClass | None:
    if _GONE_TITLE.search(view.title) and not link_words.years(link_words.normal(view.title)):
        return PageClass("gone", f"is called {view.title[:40]}")
    lines = view.own.split("\n")
    if len(own) > _SHORT_TEXT or any(len(line) > _MESSAGE for line in lines):
        return None
    found = next((said for line in lines if (said := _GONE.search(line))), None)
    return PageClass("gone", f"says {found[0][:40]}") if found else None


def _login(view: PageView) -> PageClass | None:
    named = _LOGIN_TITLE.search(f"{view.title} {view.heading}")
    if view.has_password and (named or _is_bare(view)):
        return PageClass("login", "asks for a password")
    told = _LOGIN.search(view.own) if _is_bare(view) else None
    if told or (named and _is_bare(view)):
        return PageClass("login", f"says {told[0][:30] if told else view.title[:30]}")
    return None


def _is_bare(view: PageView) -> bool:
    """Whether a page has next to nothing on it; many honest pages have a small login in their frame."""
    return len(squeezed(view.text)) <= _SHORT_TEXT // 2


def _report(view: PageView) -> PageClass | None:
    """A page that is called like a report: its text, its pictures or its attachments are one."""
    text = squeezed(view.content or view.own)
    sections = sum(section in text for section in _SECTIONS)
    if len(text) >= _LONG_TEXT and sections >= 3:
        return PageClass("report", f"prints the text of a report, {len(text)} characters")
    pictures = () if _has_rows(view) else _pictures(view)
    attached = _attached(view)
    if attached:
        return PageClass("carrier", f"a report's page with {attached} attached")
    if pictures and len(text) < _LONG_TEXT:
        return PageClass("report", f"a report as {len(pictures)} pictures", pictures)
    return None


def _has_rows(view: PageView) -> bool:
    """Whether the content is a list: its pictures are then no pages of a report."""
    rows = [link for link in view.links if link.inside and len(link.text) >= 4]
    return len(rows) >= 3 and not any(_is_attachment(link.url, link.text) for link in rows)


def _pictures(view: PageView) -> tuple[str, ...]:
    """Pictures that may be pages of a report: large ones in the content, or anywhere if none stands out."""
    within = [image for image in view.images if image.inside] if view.content else []
    kept = [image for image in within or view.images if _is_page_like(image)]
    return tuple(image.url for image in kept if not image.url.startswith("data:"))


def _is_page_like(image: Image) -> bool:
    small = 0 < image.width < _SMALL_PICTURE or 0 < image.height < _SMALL_PICTURE
    # Pictures in this format that do not say how large they are are dots and arrows.
    small = small or (not image.width and image.url.lower().endswith(".gif"))
    return not small and not DECORATIVE.search(image.url.rpartition("//")[2].partition("/")[2])


def _attached(view: PageView) -> int:
    """How many files the content links to or shows."""
    files = {link.url for link in view.links if _is_attachment(link.url, link.text)}
    within = {
        link.url for link in view.links if link.inside or link.how in ("frame", "embed", "data", "script")
    }
    return len(files & within) if view.content else len(files)


def _is_attachment(url: str, text: str) -> bool:
    is_page = re.search(r"\.s?html?(?:$|\?)", url)
    return bool(not is_page and (FILE_NAME.search(url) or FILE_NAME.search(text)))


def _other(view: PageView, trap: str) -> PageClass:
    rows = sum(len(squeezed(link.text)) >= 8 or link.how == "paging" for link in view.links)
    prose = max((len(line) for line in view.own.split("\n")), default=0)
    frames = sum(link.how in ("frame", "refresh") for link in view.links)
    if frames and len(squeezed(view.own)) < 200:
        return PageClass("list", f"consists of {frames} frames")
    if rows >= 3 and prose < 200:
        return PageClass("list", f"{rows} rows of links")
    if not view.own and not view.links:
        return PageClass("page", "prints nothing and leads nowhere")
    return PageClass("page", f"about reports, but none: {trap}" if trap else "no report and no list")
