"""Where a click leads: `onclick`, `javascript:` and simple functions, worked out without running them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from ingest.crawl.pages.js_strings import LONGEST, is_address
from ingest.crawl.platforms.literals import unescaped

_MOST_TURNS = 300
_MOST_LOOPS = 10
_LONGEST_BODY = 3000

_NAME = r"[A-Za-z_$][\w$]{0,60}"
_FUNCTION = re.compile(
    rf"function\s{{1,4}}({_NAME})\s{{0,4}}\(([^()]{{0,200}})\)\s{{0,4}}\{{|"
    rf"({_NAME})\s{{0,4}}=\s{{0,4}}function\s{{0,4}}\(([^()]{{0,200}})\)\s{{0,4}}\{{"
)
_GOES = re.compile(
    r"(?<![\w$])(?:window\s?\.\s?)?open\s{0,4}\(\s{0,4}|location(?:\s?\.\s?href)?\s{0,4}=(?!=)\s{0,4}|"
    r"location\s?\.\s?(?:replace|assign)\s{0,4}\(\s{0,4}"
)
_WRITES = re.compile(r"document\s?\.\s?write(?:ln)?\s{0,4}\(\s{0,4}|[\w$]\s{0,4}\+?=\s{0,4}(?=[\"'`])")
_CALL = re.compile(rf"({_NAME})\s{{0,4}}\(([^()]{{0,600}})\)")
_ARGUMENT = re.compile(
    r"""\s{0,9}("(?:[^"\\]|\\.){0,500}"|'(?:[^'\\]|\\.){0,500}'|[^,"']{1,100})\s{0,9}(?:,|\Z)"""
)
_STRING = re.compile(
    r""""((?:[^"\\\n]|\\.){0,3000})"|'((?:[^'\\\n]|\\.){0,3000})'|`((?:[^`\\]|\\.){0,3000})`""", re.S
)
_CHOSEN = re.compile(r"this\s?\.\s?(?:value|options\s?\[[^\]]{0,60}\]\s?\.\s?value)")
_TERM = re.compile(
    rf"\(\s{{0,4}}({_NAME})\s{{0,4}}([-+])\s{{0,4}}(\d{{1,6}})\s{{0,4}}\)|\(?\s?({_NAME}|\d{{1,9}})(?![\w$.(\[])\s?\)?"
)
_HOLE = re.compile(rf"\$\{{\s?({_NAME})\s?\}}")
_ZEROTH = re.compile(r"[_-]0\.\w{1,6}\Z")
_PLUS = re.compile(r"\s{0,9}\+\s{0,9}")
_SUM = re.compile(rf"({_NAME})\s?([-+])\s?(\d{{1,6}})\s{{0,4}}[;\n]")
_CONSTANT = re.compile(rf"(?<![\w$.])({_NAME})\s{{0,4}}=\s{{0,4}}(?:(\d{{1,9}})(?![\d.])|(?=[\"']))")
_LOOP = re.compile(
    rf"for\s?\(\s?(?:var\s|let\s)?\s?({_NAME})\s?=\s?(\d{{1,6}})\s?;\s?\1\s?(<=?)\s?(\w{{1,30}})\s?;[^()]{{0,30}}\)"
)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a page: the names of its parameters and the beginning of its body."""

    parameters: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Program:
    """What a page's scripts define: its functions, and variables that have one plain value."""

    functions: Mapping[str, Function]
    constants: Mapping[str, str]


def understand(script: str) -> Program:
    """Note the functions and plain variables of all scripts of a page."""
    script = script[:LONGEST]
    functions: dict[str, Function] = {}
    for match in islice(_FUNCTION.finditer(script), 2000):
        names = tuple(name.strip() for name in (match[2] or match[4] or "").split(","))
        functions.setdefault(match[1] or match[3], Function(names, _body(script, match.end())))
    constants: dict[str, str] = {}
    for match in islice(_CONSTANT.finditer(script), 5000):
        string = None if match[2] else _STRING.match(script, match.end())
        value = match[2] or (unescaped(string[1] or string[2] or "") if string else None)
        if value is not None:
            constants.setdefault(match[1], value)
    return Program(functions, constants)


def _body(script: str, start: int) -> str:
    """The text from an opening brace to the one that closes it, or as far as anyone reads."""
    depth = 1
    for at in range(start, min(len(script), start + _LONGEST_BODY)):
        depth += {"{": 1, "}": -1}.get(script[at], 0)
        if not depth:
            return script[start:at]
    return script[start : start + _LONGEST_BODY]


def targets(handler: str, program: Program, chosen: str = "") -> list[str]:
    """Addresses that a click may lead to; `chosen` is the value of the option that is picked, if one is."""
    handler = _CHOSEN.sub(lambda _: repr(chosen), handler[:5000]) if chosen else handler[:5000]
    found = _goes(handler, {}, program)
    for match in islice(_CALL.finditer(handler), 20):
        arguments = [_argument(text[1]) for text in _ARGUMENT.finditer(match[2])]
        known = program.functions.get(match[1])
        if known is not None:
            found += _goes(known.body, dict(zip(known.parameters, arguments, strict=False)), program)
        else:
            found += [argument for argument in arguments if is_address(argument, "url")]
    return list(dict.fromkeys(target for target in found if target))


def redirects(script: str, program: Program) -> list[str]:
    """Addresses that a script goes to at once, outside of functions that somebody would have to call."""
    at_once: list[str] = []
    at = 0
    for match in islice(_FUNCTION.finditer(script), 100):
        if match.start() >= at:
            at_once.append(script[at : match.start()])
            at = match.end() + len(_body(script, match.end()))
    return _goes("".join([*at_once, script[at:]]), {}, program)


def _argument(text: str) -> str:
    text = text.strip()
    return unescaped(text[1:-1]) if text[:1] in "\"'" and len(text) > 1 else text


def _goes(code: str, names: Mapping[str, str], program: Program) -> list[str]:
    """What a piece of code opens or goes to; where some of that depends on its parameters, only what does.

    A page number 0 is one that the code has another address for.
    """
    places = [match.end() for match in islice(_GOES.finditer(code), 20)]
    found = [value for at in places if (value := evaluate(code, at, names, program)) is not None]
    blank = dict.fromkeys(names, "")
    constant = {value for at in places if (value := evaluate(code, at, blank, program)) is not None}
    depending = [value for value in found if value not in constant and not _ZEROTH.search(value)]
    return depending or [value for value in found if value in constant]


def evaluate(code: str, at: int, names: Mapping[str, str], program: Program, depth: int = 0) -> str | None:
    """Work out `'list_' + (n - 1) + '.html'` from what is known; None if anything in it is not."""
    said: list[str] = []
    while True:
        string = _STRING.match(code, at)
        term = None if string else _TERM.match(code, at)
        if string:
            value = _filled(unescaped(string[1] or string[2] or string[3] or ""), names, program)
        elif term:
            value = _value(code, term, names, program, depth)
        else:
            value = None
        if value is None:
            return None
        said.append(value)
        plus = _PLUS.match(code, (string or term).end())  # type: ignore[union-attr]
        if not plus:
            return "".join(said)
        at = plus.end()


def _filled(text: str, names: Mapping[str, str], program: Program) -> str | None:
    filled = _HOLE.sub(lambda hole: names.get(hole[1], program.constants.get(hole[1], "${")), text)
    return None if "${" in filled else filled


def _value(
    code: str, term: re.Match[str], names: Mapping[str, str], program: Program, depth: int
) -> str | None:
    name = term[1] or term[4]
    value = name if name.isdigit() else _variable(code, name, names, program, depth)
    return _added(value, term[2], term[3]) if term[2] else value


def _variable(code: str, name: str, names: Mapping[str, str], program: Program, depth: int) -> str | None:
    """What a variable holds: a parameter, one that the code itself sets, or a plain one of the page."""
    if name in names:
        return names[name]
    own = re.search(rf"(?<![\w$.]){re.escape(name)}\s{{0,4}}=(?!=)\s{{0,4}}", code)
    if own is None or depth > 3:
        return program.constants.get(name)
    reckoned = _SUM.match(code, own.end())
    if reckoned:
        return _added(_variable(code, reckoned[1], names, program, depth + 1), reckoned[2], reckoned[3])
    return evaluate(code, own.end(), names, program, depth + 1)


def _added(value: str | None, sign: str, number: str) -> str | None:
    if value is None or not value.isdecimal():
        return None
    return str(int(value) + int(number)) if sign == "+" else str(int(value) - int(number))


def written(script: str, program: Program) -> str:
    """What loops over numbers write into the page, as HTML."""
    pieces: list[str] = []
    for match in islice(_LOOP.finditer(script[:LONGEST]), _MOST_LOOPS):
        last = match[4] if match[4].isdigit() else program.constants.get(match[4], "")
        if last.isdecimal() and len(last) < 7:
            body = script[match.end() : match.end() + 800]
            turns = range(int(match[2]), int(last) + (match[3] == "<="))
            for turn in islice(turns, _MOST_TURNS):
                pieces += _written_once(body, {match[1]: str(turn)}, program)
    return "\n".join(pieces)


def _written_once(body: str, names: Mapping[str, str], program: Program) -> list[str]:
    places = (match.end() for match in islice(_WRITES.finditer(body), 4))
    said = (evaluate(body, at, names, program) for at in places)
    return [value for value in said if value and "<a" in value.lower()]
