"""What is known of a received page once it has been looked at: plain frozen records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Declared:
    """How many rows and pages a list says that it has in all; 0 where it does not."""

    rows: int = 0
    pages: int = 0


NOTHING_DECLARED = Declared()


@dataclass(frozen=True, slots=True)
class ScriptCall:
    """A request that a script would make: its address as it stands there, its body behind #POST:.

    `is_known` tells that nothing of it depends on what only a running script would know; else the
    address is what can be read of it. `reads_list` tells that its words are those of a list for reading.
    """

    address: str
    is_known: bool
    reads_list: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page.

    `url` is absolute, http or https, ASCII, without fragment (where `how` is
    `nowhere`, it is what stands in the page instead: mailto:…, javascript:…).
    `text` is what the link says, in full where it is printed cut short; `around`
    the text of its row, at most 300 characters. `how` is a, area, frame, embed, refresh,
    button, data, script, paging, list (one that a script of this page would get) or nowhere.
    `path` are the tags down to it, with their classes; `inside` tells that it stands in the
    part that is the page's content.
    """

    url: str
    text: str
    around: str
    how: str
    path: str = ""
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a page; `width` and `height` are pixels as the page declares them, 0 where it does not.

    `url` is `data:` with the media type alone for one that is part of the page's own bytes.
    """

    url: str
    alt: str
    width: int
    height: int
    inside: bool = False


@dataclass(frozen=True, slots=True)
class PageView:
    """A page as a reader sees it.

    `text` has a line for each paragraph, and tabs between the cells of a table.
    `place` is the line that says where one is (当前位置). `own` is the text outside
    of links and of what changes by itself, `content` that of the part which is the
    page's content, links included; it is empty where no such part stands out.
    `script` is the beginning of its scripts. `left_out` counts links beyond those
    that are kept of one page. `written` is the HTML of an article that a script would write,
    `declared` what the list says of itself; `unaddressed` counts rows of data with a title and
    no address, `sources` are the addresses of scripts, `calls` the requests that scripts would make.
    """

    url: str
    title: str
    heading: str
    text: str
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    styles: tuple[str, ...]
    has_statutory_tables: bool
    has_password: bool
    encoding: str
    place: str = ""
    own: str = ""
    content: str = ""
    script: str = ""
    left_out: int = 0
    written: str = ""
    declared: Declared = NOTHING_DECLARED
    unaddressed: int = 0
    sources: tuple[str, ...] = ()
    calls: tuple[ScriptCall, ...] = ()
