"""Whether the fonts of a page print what its text layer says of them: a look at single glyphs.

Every hanzi is compared with how it looks in a known font. Those that look least like it, the digits and a
few words of letters are read: glyphs of one font are cut out of the page and set side by side, each once;
the engine reads them at one go. What it reads otherwise is looked at again where it stands, for a strip
has no sense that would help a reader.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import ratio

from ocr.documents.base import Char
from ocr.engine.base import Engine, Recognised
from ocr.image.page_image import PageImage
from ocr.textlayer.faces import SAME_SHAPE, FontOnPage, Glyph, faces_of
from ocr.textlayer.glyphs import Shape, crop_glyph, crop_run, glyph_strip, normalised_shape, shape_similarity
from ocr.textlayer.reference_glyphs import fits
from ocr.textlayer.turned_text import Frame, by_turn

# Hanzi read on a page, and at the least of one font; each costs 4 ms. Of 10,551
# of sound fonts (samples, hzq2023, 15 reports of the corpus) 8 were read as their
# traditional forms in a strip, none where it stands.
_SAMPLE, _SMALLEST_SAMPLE, _STRIP = 40, 12, 20
# A hanzi that fits another one of its page better by this is read in any case. Of 7,079 of sound
# fonts in Song, Hei, Kai and FangSong (samples, real reports) 5 in 100 do; said to be another of the
# page's, whose own name the page has not, 97 in 100 do.
_UNLIKE = -0.08
# So many hanzi proven wrong and the font is garbled; one alone may be an odd glyph.
_PROVEN = 2
# How many characters on either side are read along when one is looked at in its place.
_CONTEXT = 4
# How many appearances of a digit or hanzi are looked at before it is given up.
_APPEARANCES = 3
# A digit that is read as another one with this confidence is that one.
_PLAIN = 0.8
# Latin text agrees with its picture from this similarity on (0 to 100).
_AGREES = 75.0

_DIGITS = "0123456789"


def trusted_characters(chars: Sequence[Char], view: PageImage, engine: Engine) -> set[Char]:
    """Return those of the printed, readable characters of a page that it shows as its layer says."""
    return {char for turn, own in by_turn(chars).items() for char in _trusted(own, turn, view, engine)}


def _trusted(chars: Sequence[Char], turn: int, view: PageImage, engine: Engine) -> Iterator[Char]:
    """Yield the believed ones of characters that a turn sets upright."""
    frame = Frame(view.width * float(view.to_page[0, 0]), view.height * float(view.to_page[1, 1]), turn)
    seen = {frame.char(char): char for char in chars}
    yield from (seen[char] for char in _believed([*seen], frame.view(view), engine))


def _believed(chars: Sequence[Char], view: PageImage, engine: Engine) -> set[Char]:
    """Return the believed ones of characters that stand upright in a view."""
    hanzi = [char.text for char in chars if _is_hanzi(char.text)]
    share, pool = _SAMPLE / max(len(hanzi), 1), sorted(set(hanzi))
    return {char for face in faces_of(chars, view) for char in _sound(face, share, pool, view, engine)}


def _sound(
    face: FontOnPage, share: float, pool: Sequence[str], view: PageImage, engine: Engine
) -> Iterator[Char]:
    """Yield the characters of a font that are believed."""
    proven = _proven_digits(face, view, engine)
    if proven is None or not _letters_hold(face, view, engine):
        return
    doubtful = _by_doubt(face, pool, view)
    wrong = _wrong_hanzi(doubtful, share, view, engine)
    if _is_garbled(wrong):
        return
    known = {digit: [normalised_shape(view, char)] for digit, char in proven.items()}
    for char in (char for glyph in face.glyphs if glyph not in wrong for char in glyph.chars):
        if char.text not in known or _is_like(char, known[char.text], view, engine):
            yield char


def _is_like(digit: Char, known: list[Shape], view: PageImage, engine: Engine) -> bool:
    """Tell whether a digit looks as the proven ones do; if not, it is read, and may prove another shape.

    Two glyphs may go by one name, and a picture may lie over one place.
    """
    shape = normalised_shape(view, digit)
    if any(shape_similarity(shape, other) >= SAME_SHAPE for other in known):
        return True
    if engine.recognise(glyph_strip([crop_glyph(view, digit)])).numeral != digit.text:
        return False
    known.append(shape)
    return True


def _proven_digits(face: FontOnPage, view: PageImage, engine: Engine) -> dict[str, Char] | None:
    """Return every digit that the font sets where it is read as itself, None if one is another.

    All of them are read at once, then each that is in doubt by itself.
    """
    digits = {glyph.text: glyph for glyph in reversed(face.glyphs) if glyph.text in _DIGITS}
    if not digits or _strip_read([*digits.values()], view, engine).numeral == "".join(digits):
        return {digit: glyph.char for digit, glyph in digits.items()}
    seen = {digit: _digit_seen(digit, face, view, engine) for digit in digits}
    proven = {digit: char for digit, (text, char) in seen.items() if text == digit}
    odd = {digit: text for digit, (text, _) in seen.items() if digit not in proven}
    if not all(_excused(digit, text, proven, face, view) for digit, text in odd.items()) or len(odd) > 1:
        return None
    return proven | {digit: digits[digit].char for digit in odd}


def _digit_seen(digit: str, face: FontOnPage, view: PageImage, engine: Engine) -> tuple[str, Char]:
    """Tell as what a digit is read, "" if as nothing that is sure, and where."""
    others: set[str] = set()
    for run, index in face.shown[digit][:_APPEARANCES]:
        read = engine.recognise(glyph_strip([crop_glyph(view, run[index])]))
        if read.numeral == digit or _holds(run, index, view, engine):
            return digit, run[index]
        others.add(read.numeral if read.numeral_confidence >= _PLAIN else "")
    return (others.pop() if len(others) == 1 else ""), _first(digit, face)


def _first(text: str, face: FontOnPage) -> Char:
    run, index = face.shown[text][0]
    return run[index]


def _excused(digit: str, seen: str, proven: Mapping[str, Char], face: FontOnPage, view: PageImage) -> bool:
    """Tell whether a digit that is not read as itself may be one of an odd shape, as a slashed 0 is.

    Two others of its font at least must be right and look otherwise: in a wrong map
    the picture is a common one, and mostly that of another digit of the font.
    """
    shape = normalised_shape(view, _first(digit, face))
    alike = any(
        shape_similarity(shape, normalised_shape(view, char)) >= SAME_SHAPE for char in proven.values()
    )
    return len(proven) >= _PROVEN and not alike and (not seen or seen in proven)


def _letters_hold(face: FontOnPage, view: PageImage, engine: Engine) -> bool:
    """Compare the longest word of a font that sets neither digits nor hanzi."""
    if any(text in _DIGITS or _is_hanzi(text) for text in face.shown):
        return True
    run = max(face.runs, key=len)
    said = _plain("".join(char.text for char in run))
    return not said or ratio(_plain(engine.recognise(crop_run(view, run)).text), said) >= _AGREES


def _is_garbled(wrong: Iterable[Glyph]) -> bool:
    return sum(not glyph.odd for glyph in wrong) >= _PROVEN


def _by_doubt(face: FontOnPage, pool: Sequence[str], view: PageImage) -> list[tuple[float, Glyph]]:
    """Return the hanzi of a font and how well they fit their names, the worst first."""
    hanzi = [glyph for glyph in face.glyphs if _is_hanzi(glyph.text)]
    shapes = [normalised_shape(view, glyph.char) for glyph in hanzi]
    found = zip(fits(shapes, [glyph.text for glyph in hanzi], pool), hanzi, strict=True)
    return sorted(found, key=lambda pair: pair[0])


def _wrong_hanzi(
    doubtful: Sequence[tuple[float, Glyph]], share: float, view: PageImage, engine: Engine
) -> set[Glyph]:
    """Return the hanzi that the page shows otherwise; a first one has all the font looked at."""
    appearances = sum(len(glyph.places) for _, glyph in doubtful)
    sample = max(_SMALLEST_SAMPLE, round(share * appearances))
    wrong: set[Glyph] = set()
    for start in range(0, len(doubtful), _STRIP):
        strip = doubtful[start : start + _STRIP]
        if all(glyph.odd for glyph in wrong):
            strip = [
                (fit, glyph)
                for n, (fit, glyph) in enumerate(strip, start)
                if n < sample or fit < _UNLIKE or glyph.odd
            ]
        if not strip:
            continue
        wrong |= _wrong_of([glyph for _, glyph in strip], view, engine)
        if _is_garbled(wrong):
            break
    return wrong


def _wrong_of(glyphs: Sequence[Glyph], view: PageImage, engine: Engine) -> set[Glyph]:
    """Return those of a few hanzi that are not read as themselves, in a strip nor where they stand."""
    right = _matched("".join(glyph.text for glyph in glyphs), _strip_read(glyphs, view, engine).text)
    wrong: set[Glyph] = set()
    for glyph in (glyph for index, glyph in enumerate(glyphs) if index not in right):
        if not any(_holds(run, index, view, engine) for run, index in glyph.places[-_APPEARANCES:]):
            wrong.add(glyph)
        if _is_garbled(wrong):
            break
    return wrong


def _strip_read(glyphs: Sequence[Glyph], view: PageImage, engine: Engine) -> Recognised:
    return engine.recognise(glyph_strip([crop_glyph(view, glyph.char) for glyph in glyphs]))


def _holds(run: Sequence[Char], index: int, view: PageImage, engine: Engine) -> bool:
    """Tell whether a character is read as itself along with its neighbours."""
    start = max(0, index - _CONTEXT)
    around = run[start : index + _CONTEXT + 1]
    said = "".join(char.text for char in around)
    seen = engine.recognise(crop_run(view, around)).text
    # An inserted sign could set a digit beside another one of its kind.
    sure = run[index].text not in _DIGITS or len(_plain(said)) == len(_plain(seen))
    return sure and index - start in _matched(said, seen)


def _matched(said: str, seen: str) -> set[int]:
    """Return the places in a text that were read as it says; signs are left out of the comparison."""
    places = [place for place, char in enumerate(said) if char.isalnum()]
    said, seen = _plain("".join(said[place] for place in places)), _plain(seen)
    if len(said) != len(places):
        return set()
    if len(said) == len(seen):
        return {place for place, one, other in zip(places, said, seen, strict=True) if one == other}
    equal = [code for code in Levenshtein.opcodes(said, seen) if code.tag == "equal"]
    return {places[n] for code in equal for n in range(code.src_start, code.src_end)}


def _is_hanzi(text: str) -> bool:
    """Tell a hanzi that a strip can show: a lone 一 is a dash."""
    return "\u4e00" < text <= "\u9fff"


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())
