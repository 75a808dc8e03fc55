"""Pages are found by what is printed on them, and the hits are marked where they stand."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.index import lexemes
from archive.index.query_language import parse
from archive.index.tokenizer import spaced, tokens, words
from archive.search.search import SearchFilter, marks_of
from archive.search.snippet import highlighted, snippet_of
from core.errors import UsageError
from reconcile.model import Flag
from tests.support import handmade

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)

MIXED = st.sampled_from("复议 \n1aＡ，①")


@pytest.fixture(scope="module")
def archive(module_place):
    with module_place.open() as opened:
        handmade.archive_one(opened)
        other = handmade.report("白石镇人民政府", 2021, [handmade.value("new", "total", form="2019")])
        pages = handmade.pages_saying("公开工作", "行政诉讼；（一）复议，机关")
        handmade.archive_one(opened, "scans/b.pdf", pages, handmade.without_tables(other))
        yield opened


def found(archive: Archive, query: str, **wanted: object) -> list[tuple[str, int]]:
    return [(hit.source, hit.page) for hit in archive.search(query, SearchFilter(**wanted)).hits]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("诉", [("scans/b.pdf", 2)]),
        ("复议", [("scans/a.pdf", 1), ("scans/b.pdf", 2)]),
        ("行政复议", [("scans/a.pdf", 1)]),  # a line break runs through it
        ("行政 复议", [("scans/a.pdf", 1), ("scans/b.pdf", 2)]),
        ('"行政 复议"', [("scans/a.pdf", 1)]),
        ("“行政 复议”", [("scans/a.pdf", 1)]),
        ("政行", []),
        ("pdf", [("scans/a.pdf", 1)]),
        ("PD", [("scans/a.pdf", 1)]),
        ("ＰＤＦ公开", [("scans/a.pdf", 1)]),
        ("DF", []),
        ("1234", [("scans/a.pdf", 1)]),
        ("１，２３４份", [("scans/a.pdf", 1)]),
        ("234", []),
        ("11件", [("scans/a.pdf", 1)]),
        ("1件", []),
        ("(一)复议", [("scans/b.pdf", 2)]),
        ("⼀", [("scans/a.pdf", 1), ("scans/b.pdf", 2)]),  # the radical U+2F00, as some PDFs have it
        ("复议 NOT 诉讼", [("scans/a.pdf", 1)]),
        ("复议 AND 诉讼", [("scans/b.pdf", 2)]),
        ("复议 OR 公开工作", [("scans/a.pdf", 1), ("scans/b.pdf", 1), ("scans/b.pdf", 2)]),
        ("复议 NOT (诉讼 OR 公开工作)", [("scans/a.pdf", 1)]),
        ("(公开工作 OR 诉讼) AND 复议", [("scans/b.pdf", 2)]),
        ("NOT 复议 公开", [("scans/a.pdf", 2), ("scans/b.pdf", 1)]),
        ("复议 NOT 行政复议", [("scans/b.pdf", 2)]),
        ("複議 訴訟", [("scans/b.pdf", 2)]),
        ("行政復議", [("scans/a.pdf", 1)]),
        ("tokens:复议", []),
        ("不存在", []),
    ],
)
def test_query_finds_these_pages(archive, query, places):
    assert sorted(found(archive, query)) == places


@pytest.mark.parametrize("query", ["", "  ", "*", '"', '""', "，。、", "\x00", "()", "复" * 501])
def test_query_without_a_word_gives_one_line(archive, query):
    with pytest.raises(UsageError) as refused:
        archive.search(query)
    assert len(str(refused.value).splitlines()) == 1


@given(query=st.text(max_size=40))
def test_any_query_is_answered_or_refused(archive, query):
    try:
        result = archive.search(query)
    except UsageError:
        return
    assert len(result.hits) <= result.total


ODD = [
    *"()\"'“”*-:^|&!<>%_\\{}[]\0\ud800\u202e，。（）〇①㎡𠮷复議1Ａ",
    "AND ",
    "OR ",
    "NOT ",
    " ",
    "复议",
    "1,234",
]


@pytest.mark.long
def test_ten_thousand_random_queries_give_results_or_one_line(archive):
    rng = random.Random(4)
    refusals = []
    for _ in range(10_000):
        query, name = ("".join(rng.choices(ODD, k=rng.randint(0, 12))) for _ in range(2))
        odd = {
            field: name
            for field in ("organ", "region", "source", "form", "table", "row")
            if rng.random() < 0.1
        }
        try:
            archive.search(query, SearchFilter(**odd), limit=3)
        except UsageError as error:
            refusals.append(str(error))
    assert 0 < len(refusals) < 9_000
    assert [one for one in refusals if len(one.splitlines()) != 1] == []


@given(query=st.lists(st.sampled_from(['"', "*", "and", "NEAR(", "-", "^", ":", "{", ")", "'", "|", "复议"])))
def test_syntax_of_the_index_is_only_text(archive, query):
    assert archive.search(" ".join([*query, "复议"])).total <= 2


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("复议 AND", "the end stands where"),
        ("OR 复议", "OR stands where"),
        ("复议 AND OR 诉讼", "OR stands where"),
        ("(复议 OR 诉讼", "not closed"),
        ("复议 OR 诉讼)", "never opened"),
        ("NOT " * 30 + "复议", "nested"),
    ],
)
def test_unfinished_query_is_refused_in_one_line(archive, query, complaint):
    with pytest.raises(UsageError, match=complaint) as refused:
        archive.search(query)
    assert len(str(refused.value).splitlines()) == 1


def test_page_beyond_all_numbers_is_refused_in_one_line(archive):
    with pytest.raises(UsageError, match="larger than any"):
        archive.search("公开", SearchFilter(page=10**20))


def test_operator_in_quotes_is_a_word(archive):
    assert found(archive, 'pdf OR "AND"') == [("scans/a.pdf", 1)]


@given(raw=st.text(st.one_of(MIXED, st.characters()), max_size=60))
def test_words_are_the_texts_of_the_tokens(raw):
    assert words(raw) == [token.text for token in tokens(raw)]


QUERIES = st.lists(
    st.sampled_from(["AND", "OR", "NOT", "(", ")", "甲", "甲乙", "甲乙丙", "1", "乙12", "ab"]), max_size=9
)


@given(text=st.text(st.sampled_from("甲乙丙12ab ，"), max_size=30), words=QUERIES)
def test_look_up_loses_no_page_that_matches_and_is_exact_where_it_says_so(text, words):
    try:
        tree = parse(" ".join(words))
    except UsageError:
        return
    page = spaced(text).split()
    looked_up = looked(tree.look(), lexemes.of_page(page, ()))
    matches = tree.holds(f" {' '.join(page)} ")
    assert looked_up or not matches
    assert looked_up == matches or not tree.is_exact


def looked(look, held: list[str]) -> bool:
    """What a database makes of a look-up."""
    parts = [looked(part, held) for part in look.parts]
    if look.kind == "lexeme":
        return any(one.startswith(look.lexeme) if look.is_prefix else one == look.lexeme for one in held)
    return {"and": all, "or": any, "not": lambda one: not one[0]}[look.kind](parts)


def test_page_with_too_many_lexemes_is_found_all_the_same(place):
    long = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(90_000)) + "水库移民"
    with place.open() as archive:
        handmade.archive_one(archive, pages=handmade.pages_saying("别的", long))
        assert [hit.page for hit in archive.search("水库移民").hits] == [2]
        assert archive.search("移民水库").total == 0
        assert [hit.page for hit in archive.search("NOT 水库移民").hits] == [1]


def test_word_on_very_many_pages_gives_the_newest_and_says_so(place, monkeypatch):
    monkeypatch.setattr("archive.search.search.MOST_WEIGHED", 3)
    with place.open() as archive:
        for n in range(3):
            handmade.archive_one(archive, f"{n}.pdf", handmade.pages_saying("公开", "公开公开"))
        result = archive.search("公开")
        assert (result.total, result.is_all) == (3, False)
        assert {(hit.source, hit.page) for hit in result.hits} == {("2.pdf", 2), ("2.pdf", 1), ("1.pdf", 2)}
        assert archive.search("公开", SearchFilter(source="0.pdf")).is_all


def test_blocks_of_newest_pages_hide_nothing(place, monkeypatch):
    monkeypatch.setattr("archive.index.lexemes.BLOCK", 2)
    monkeypatch.setattr("archive.index.page_index.NEWEST_BLOCKS", (1, 2, 4))
    monkeypatch.setattr("archive.search.search.MOST_WEIGHED", 3)
    with place.open() as archive:
        for n in range(8):
            handmade.archive_one(
                archive, f"{n}.pdf", handmade.pages_saying("公开", "少见" if n % 4 == 1 else "公开")
            )
        common, rare = archive.search("公开"), archive.search("少见")
    assert (common.is_all, {hit.source for hit in common.hits}) == (False, {"6.pdf", "7.pdf"})
    assert (rare.is_all, {hit.source for hit in rare.hits}) == (True, {"1.pdf", "5.pdf"})


@given(text=st.text(HAN, min_size=1, max_size=30), data=st.data())
def test_every_run_of_characters_is_a_phrase_of_the_index(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    (phrase,) = parse(text[start:end]).phrases()
    assert phrase.holds(f" {spaced(text)} ")
    assert any(a <= start and end <= b for a, b in marks_of([phrase], text))


@given(raw=st.text(MIXED, max_size=200), query=st.text(MIXED, min_size=1, max_size=4))
def test_marks_are_ordered_and_inside_the_snippet(raw, query):
    try:
        phrases = list(parse(query).phrases())
    except UsageError:
        return
    marks = marks_of(phrases, raw)
    snippet, moved = snippet_of(raw, marks)
    assert bool(moved) == bool(marks)
    edges = [edge for mark in moved for edge in mark]
    assert edges == sorted(edges)
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(snippet))
    assert all(spaced(snippet[start:end]) for start, end in moved)


@pytest.mark.parametrize(
    ("wanted", "sources"),
    [
        ({"year": 2023}, {"scans/a.pdf"}),
        ({"year": 1999}, set()),
        ({"organ": "白石"}, {"scans/b.pdf"}),
        ({"organ": "%"}, set()),
        ({"form": "2019"}, {"scans/b.pdf"}),
        ({"form": "2021"}, {"scans/a.pdf"}),
        ({"row": "granted"}, {"scans/a.pdf"}),
        ({"row": "new"}, {"scans/a.pdf", "scans/b.pdf"}),
        ({"row": "new", "form": "2019"}, {"scans/b.pdf"}),
        ({"flag": Flag.UNBALANCED}, {"scans/a.pdf"}),
        ({"flag": Flag.UNBALANCED, "row": "new"}, {"scans/a.pdf"}),
        ({"flag": Flag.UNBALANCED, "row": "granted"}, set()),
        ({"flag": "low"}, set()),
        ({"flag": Flag.UNKNOWN_FORM}, {"scans/a.pdf"}),
        ({"flag": Flag.UNKNOWN_FORM, "form": "2021"}, set()),
        ({"flag": Flag.SOURCE_ANOMALY, "year": 2023, "organ": "水务"}, {"scans/a.pdf"}),
    ],
)
def test_filters_narrow_the_reports(archive, wanted, sources):
    assert {source for source, _ in found(archive, "公开", **wanted)} == sources


@pytest.mark.parametrize(
    ("wanted", "sources"),
    [
        ({"region": "清河"}, {"scans/a.pdf"}),
        ({"region": "河"}, set()),
        ({"source": "b.pdf"}, {"scans/b.pdf"}),
        ({"source": "%"}, set()),
        ({"page": 2}, {"scans/a.pdf"}),
        ({"table": "review"}, {"scans/a.pdf"}),
        ({"table": "review", "row": "new"}, set()),
        ({"organ": "没有"}, set()),
    ],
)
def test_place_and_table_narrow_the_pages(archive, wanted, sources):
    assert {source for source, _ in found(archive, "公开", **wanted)} == sources


def test_hit_says_where_on_the_page_it_stands(archive):
    (hit,) = archive.search("行政复议").hits
    assert [(box.left, box.top) for box in hit.boxes] == [(72.0, 92.0), (72.0, 112.0)]


def test_limit_bounds_the_hits_but_not_the_total(archive):
    result = archive.search("公开", limit=1)
    assert (len(result.hits), result.total) == (1, 3)


def test_snippet_shows_the_text_as_read_with_the_hit_marked(archive):
    (hit,) = archive.search("行政复议").hits
    assert (
        highlighted(hit.snippet, hit.marks) == "一、总体情况本年收到【行政复议】申请11件，ＰＤＦ公开1,234份。"
    )


def test_snippet_of_a_long_page_is_cut_round_the_hit():
    raw = "甲" * 300 + "复议" + "乙" * 300
    snippet, marks = snippet_of(raw, [(300, 302)])
    assert snippet == "…" + "甲" * 16 + "复议" + "乙" * 46 + "…"
    assert [snippet[a:b] for a, b in marks] == ["复议"]


def test_snippet_keeps_the_space_between_latin_words():
    assert snippet_of("open\n\n data\n公开", [(0, 4)])[0] == "open data公开"


def test_hit_names_the_report(archive):
    (hit,) = archive.search("诉讼").hits
    assert (hit.organ, hit.year, hit.page, hit.route) == ("白石镇人民政府", 2021, 2, "scanned")
    assert hit.document == archive.documents.find("b.pdf")


def test_hit_in_a_line_that_was_read_unsurely_is_doubtful(place):
    (page,) = handmade.pages_saying("本年收到行政复议申请")
    lines = tuple(replace(line, confidence=0.5) for line in page.lines)
    with place.open() as archive:
        handmade.archive_one(archive, "sure.pdf", [page], handmade.without_tables(handmade.report()))
        unsure = [replace(page, lines=lines)]
        handmade.archive_one(archive, "unsure.pdf", unsure, handmade.without_tables(handmade.report()))
        hits = archive.search("复议").hits
    assert {hit.source: hit.doubtful for hit in hits} == {"sure.pdf": False, "unsure.pdf": True}
