"""Requests that scripts of a page would make: `$.ajax`, `fetch`, `axios` and their kin; read, never run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode, urlsplit

from ingest.crawl.pages.js_handlers import Program, evaluate
from ingest.crawl.pages.models import ScriptCall
from ingest.crawl.platforms.literals import is_page_name
from ingest.crawl.platforms.requests import MARK, posted

# Calls that are looked at of one page, and how far each is read, in characters; honest ones have a tenth.
_MOST_CALLS = 60
_LONGEST_CALL = 20_000
_MOST_FIELDS = 60
# Lists that are asked for of one page; a page of a portal has a handful.
_MOST_ASKED = 6

_CALL = re.compile(
    r"(?<![\w$])([\w$]{1,20}\s?\.\s?)?(ajax|getJSON|get|post|fetch|axios|request|http)\s{0,4}\(\s{0,4}(?=[\"'`{\w$])"
)
_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*+(?:"|\n|\\?\Z)|'
    r"'(?:[^'\\\n]|\\.)*+(?:'|\n|\\?\Z)|"
    r"`(?:[^`\\]|\\.)*+(?:`|\\?\Z)|"
    r"//[^\n]*|/\*.*?(?:\*/|\Z)|[(){}\[\],]",
    re.S,
)
_KEY = re.compile(r"""(?:\s|//[^\n]{0,300}\n)*["']?([A-Za-z_$][\w$.-]{0,60})["']?\s{0,9}:""")
_WRAPPED = re.compile(
    r"\s{0,9}(?:JSON\s?\.\s?(stringify)|(?:new\s)?[\w$.]{0,30}(?:URLSearchParams|param|stringify))\s?\(\s{0,9}",
    re.I,
)
_INPUT = re.compile(
    r"""(?:\$|jQuery)\s?\(\s?["']\#([\w-]{1,60})["']\s?\)\s?\.\s?val\(\s?\)|"""
    r"""document\s?\.\s?getElementById\(\s?["']([\w-]{1,60})["']\s?\)\s?\.\s?value"""
)
_NUMBER = re.compile(r"-?\d{1,15}")
_ADDRESS = re.compile(
    r"(?:https?:/)?/[^\s\"'<>{}]{1,500}|"
    r"[\w./-]{1,200}\.(?:json|do|action|jsp|php|aspx?|ashx|s?html?|xml)\b\S{0,300}"
)
_LITERAL = re.compile(r"""["'`]([^"'`\s]{2,300})["'`]""")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# A field of which the list depends: to ask without its value would ask for something else.
_CHOOSES = re.compile(r"\w*(?:id|ids|code|column|channel|catalog|category|cat|site|node|guid|num)", re.I)
# Words of the address of a list for reading, and of something that changes or counts.
_READS = re.compile(
    r"lists?|pages?|paging|query|search|select|find|articles?|columns?|channels?|catalog(?:ue)?|category|infos?|news|"
    r"docs?|contents?|reports?|manuscripts?|xxgk|zfxxgk|gk|gkml|nb|nianbao|public|open"
)
_CHANGES = re.compile(
    r"save|add|insert|update|del|delete|remove|submit|edit|modify|create|apply|send|upload|feedback|vote|comments?|"
    r"log|logs|login|logout|regist(?:er)?|verify|captcha|sms|token|user|online|weather|share|praise|like|collect|"
    r"subscribe|track|clicks?|visits?|hits?|counte?r?|stats?|statistics"
)


def calls(script: str, program: Program, inputs: Mapping[str, str]) -> list[ScriptCall]:
    """The requests of a script, in their order; `inputs` are values of the page's input fields by id."""
    found: dict[str, ScriptCall] = {}
    for match in islice(_CALL.finditer(script), _MOST_CALLS):
        sends_json = "axios" in match[0] or "$http" in match[0]
        arguments = _parts(script, match.end())
        # What is sent is put together near the call.
        near = script[max(0, match.start() - _LONGEST_CALL) : match.end() + _LONGEST_CALL]
        request = _request(match[2], arguments, sends_json, _Page(near, program, inputs))
        if request is not None and request.leads_somewhere():
            call = request.call
            found.setdefault(call.address, call)
    return list(found.values())


def _parts(code: str, at: int) -> list[str]:
    """What stands between commas, from behind an opening bracket to the one that closes it."""
    depth, start, found = 0, at, list[str]()
    for match in _TOKEN.finditer(code, at, min(len(code), at + _LONGEST_CALL)):
        token = match[0]
        if token in ("(", "[", "{"):
            depth += 1
        elif token in (")", "]", "}"):
            depth -= 1
        if depth < 0 or (token == "," and not depth):
            found.append(code[start : match.start()].strip())
            start = match.end()
        if depth < 0:
            return found
    # Nobody closed it, or it is too long: what was whole by then counts.
    return found


def _object(text: str) -> dict[str, str]:
    """The fields of an object literal, each value as it stands there."""
    found: dict[str, str] = {}
    for part in islice(_parts(text, text.find("{") + 1), _MOST_FIELDS):
        key = _KEY.match(part)
        if key:
            found.setdefault(key[1], part[key.end() :].strip())
        elif re.fullmatch(r"[A-Za-z_$][\w$]{0,60}", part):
            found.setdefault(part, part)
    return found


def _request(name: str, arguments: list[str], sends_json: bool, page: _Page) -> _Request | None:
    """The request of a call: `ajax({url: …})`, `get("/list", {…})`, `fetch("/list", {method: …})`."""
    if not arguments:
        return None
    first, last = arguments[0], arguments[-1]
    has_options = first[:1] == "{"
    # What follows the address of $.get and $.post are the fields themselves; axios.get takes {params: …}.
    takes_options = last[:1] == "{" and (has_options or name in ("fetch", "ajax", "axios", "request", "http"))
    options = _object(last) if takes_options or (name == "get" and "params" in last[:20]) else {}
    data = next((options[one] for one in ("data", "params", "body") if one in options), "")
    if not options and len(arguments) > 1 and not re.search(r"function|=>", arguments[1]):
        data = arguments[1]
    said = options.get("type") or options.get("method") or name
    headers = options.get("contentType", "") + options.get("headers", "")
    is_json = "JSON" in data[:30] or "application/json" in headers or (sends_json and data[:1] == "{")
    url = options.get("url", "") if has_options else first
    return _Request(url, "post" in said.lower(), data, is_json, page)


@dataclass(frozen=True, slots=True)
class _Page:
    """What requests are worked out with: the scripts, what they define, values of input fields by id."""

    script: str
    program: Program
    inputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Request:
    """A request as it stands in a script."""

    url: str
    is_post: bool
    data: str
    is_json: bool
    page: _Page

    def leads_somewhere(self) -> bool:
        """Whether what is asked for is an address."""
        address = self._text(self.url)
        if address is None:
            return any(_ADDRESS.fullmatch(said) for said in _LITERAL.findall(self.url))
        return bool(_ADDRESS.fullmatch(address))

    @property
    def call(self) -> ScriptCall:
        """The request as an address; what is not known of its fields stands in angle brackets."""
        address, fields = self._text(self.url), self._fields()
        reads = _reads_list(address or self.url, fields or {})
        if address is not None and fields is not None and None not in fields.values():
            return ScriptCall(self._whole(address, fields), True, reads)
        seen = address or next(said for said in _LITERAL.findall(self.url) if _ADDRESS.fullmatch(said))
        said = "&".join(
            f"{name}={f'<{name}>' if one is None else one}" for name, one in (fields or {}).items()
        )
        if self.is_post:
            return ScriptCall(posted(seen, said), False, reads)
        return ScriptCall(f"{seen}?{said}" if said else seen, False, reads)

    def _whole(self, address: str, fields: Mapping[str, object]) -> str:
        if self.is_post:
            body = json.dumps(fields, ensure_ascii=False) if self.is_json else urlencode(fields)
            return posted(address, body)
        query = urlencode(fields)
        return f"{address}{'&' if '?' in address else '?'}{query}" if query else address

    def _fields(self) -> dict[str, object] | None:
        """The fields that go along, None for each that is not known and chooses the list."""
        text, wrapped = self.data, _WRAPPED.match(self.data)
        text = text[wrapped.end() :] if wrapped else text
        if text[:1] == "{":
            given = _object(text)
        elif re.fullmatch(r"[A-Za-z_$][\w$]{0,60}\)?", text):
            given = self._variable(text.rstrip(")"))
        else:
            return self._of_query(text)
        if set(given) == {"params"}:
            given = _object(given["params"])
        return {name: self._value(name, said) for name, said in given.items()}

    def _of_query(self, text: str) -> dict[str, object] | None:
        """Fields that are written as a query, `"pageNo=1&id=" + id`."""
        said = self._text(text) if text else ""
        if said is None:
            return None
        return dict(piece.partition("=")[::2] for piece in said.split("&") if "=" in piece)

    def _variable(self, name: str) -> dict[str, str]:
        """The fields of an object that is put together before."""
        made = re.search(rf"(?<![\w$.]){re.escape(name)}\s{{0,4}}=\s{{0,4}}\{{", self.page.script)
        given = _object(self.page.script[made.end() - 1 : made.end() + _LONGEST_CALL]) if made else {}
        later = (
            rf"(?<![\w$.]){re.escape(name)}\s?\.\s?([\w$]{{1,60}})\s{{0,4}}=(?!=)\s{{0,4}}([^;\n]{{1,300}})"
        )
        return given | {one[1]: one[2] for one in islice(re.finditer(later, self.page.script), _MOST_FIELDS)}

    def _value(self, name: str, said: str) -> object | None:
        """What a field holds when the page is opened; None where it is not known and chooses the list."""
        if _NUMBER.fullmatch(said):
            return int(said) if self.is_json else said
        if said in ("true", "false") and self.is_json:
            return said == "true"
        text = self._text(said)
        if text is not None and not (text == "" and _CHOOSES.fullmatch(name)):
            return text
        if is_page_name(name):
            return 1 if self.is_json else "1"
        return None if _CHOOSES.fullmatch(name) else ""

    def _text(self, expression: str) -> str | None:
        """A string that an expression comes to, as far as it can be told without running anything."""
        expression = _INPUT.sub(self._of_input, expression.strip())
        if expression in ("true", "false"):
            return expression
        known = self.page.program.constants
        return evaluate(expression, 0, known, self.page.program) if expression else None

    def _of_input(self, match: re.Match[str]) -> str:
        value = self.page.inputs.get(match[1] or match[2])
        return match[0] if value is None else json.dumps(value, ensure_ascii=False)


def _reads_list(address: str, fields: Mapping[str, object]) -> bool:
    """Whether the words of a request are those of a list for reading, and none of something that changes."""
    said = set(_words(urlsplit(address).path))
    names = {word for name in fields for word in _words(name)}
    if any(map(_CHANGES.fullmatch, said)):
        return False
    is_paged = any(map(is_page_name, fields)) or bool(names & {"page", "size", "limit"})
    return is_paged or any(map(_READS.fullmatch, said))


def _words(name: str) -> Iterator[str]:
    return (word.lower() for word in _WORD.findall(name))


def lists_asked_for(found: Sequence[ScriptCall], known: Iterable[str]) -> list[str]:
    """The addresses of lists that can be asked for as a script would, but for those that are `known`."""
    paths = set(map(_path, known))
    asked = [one.address for one in found if one.is_known and one.reads_list]
    return [address for address in asked if _path(address) not in paths][:_MOST_ASKED]


def _path(address: str) -> str:
    return urlsplit(address.partition(MARK)[0]).path
