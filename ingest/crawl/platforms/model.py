"""What a platform's file may say; see docs/crawling.md for an example."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _compiles(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error
    return text


Pattern = Annotated[str, AfterValidator(_compiles)]


class _Part(BaseModel):
    """A misspelt field is an error, not a rule that does nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pages(_Part):
    """How many requests a list takes. `count` pages, or `records` by `size` (times `group`) at once.

    `first` is the number of the list's first page, `ask` that of the first which is asked for.
    """

    first: int = Field(default=1, ge=0, le=1)
    ask: int | None = Field(default=None, ge=0, le=2)
    count: str = ""
    records: str = ""
    size: str = "1"
    group: str = "1"


class ListRule(_Part):
    """A list that a page speaks of, and the request that gets it.

    `where` finds it in the page's source; its named groups, and those values that `values` finds
    (each in what `where` found, else in the page, else in the page's address), fill the braces of
    `url` and `fields`. `pairs` names the group that holds an object literal whose pairs go along;
    `hidden` has the hidden fields of the page's form go along. `how` says whether it is a list of its own
    or a further page of the one that stands here.
    """

    where: Pattern
    values: dict[str, Pattern] = {}
    url: str
    send: Literal["query", "form", "json"] = "query"
    fields: dict[str, str] = {}
    pairs: str = ""
    hidden: bool = False
    how: Literal["list", "paging"] = "list"
    pages: Pages = Pages()


class AnswerRule(_Part):
    """How the answer to such a request is read; what is not said is found by the general reader.

    `at` tells it by its address, the body of the request included. In `page` the first group is the number
    of the page in that address. `total` and `size` find, in the answer, how many rows the whole
    list and each page has. `rows` is the way to the rows in JSON (`data.results`); `title`
    and `url` what to make of each, with its fields in braces; several are tried in their order.
    """

    at: Pattern
    page: Pattern | None = None
    total: Pattern | None = None
    size: Pattern | None = None
    rows: str = ""
    title: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    headers: dict[str, str] = {}


class ArticleRule(_Part):
    """An article that a script writes into its page: the first group of `content` is its HTML as a string."""

    content: Pattern


class Platform(_Part):
    """One platform: `known_by` is found in the source of its pages, or nothing else is looked for."""

    about: str
    known_by: Pattern
    lists: tuple[ListRule, ...] = ()
    answers: tuple[AnswerRule, ...] = ()
    articles: tuple[ArticleRule, ...] = ()
