"""How titles are worded, with the organ and the year in them; texts are half-width, without white space."""

from __future__ import annotations

import re
from functools import cache

_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
# A line of a date or an issue above the title, 2024年1月 or 2024年第3号, says when it was printed.
_DATE = r"年?第?[\d〇○零一二三四五六七八九十]{1,3}[月期号]"
_NUMBER = r"(?:20\d\d|二[〇○零0O][〇○零0O一二三四五六七八九]{2})"
_YEAR = rf"(?P<year>{_NUMBER})(?!{_DATE})年?(?:年度|度)?"
_DAY = re.compile(
    rf"\(?{_NUMBER}[年.-](?:\d{{1,2}}|[元一二三四五六七八九十]{{1,2}})[月.-]"
    r"(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})日?)?\)?"
)
_YEAR_ALONE = re.compile(rf"\(?(?P<year>{_NUMBER})年?度\)?")
# In 某区人民政府信息公开… the 政府 is the organ's; in 某区政府信息公开… it is the subject's.
_SUBJECT = r"(?:(?<!人民)政府)?信息公开(?:工作)?"
_REPORT = r"(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:年度)?(?:报告|年报)"
_ORGAN = r"(?P<organ>[\w()·、]*?)(?:关于)?"
# Behind the title it may be said which edition this is: （修订版）, （更正）.
_EDITION = r"(?:[(〔【\[](?:更正|订正|修[订正改]|调整|重新|公开|定|草|送审)[^)〕】\]]{0,6}[)〕】\]])?"
_TITLES = (
    re.compile(_ORGAN + _YEAR + _SUBJECT + _REPORT + _EDITION),
    re.compile(_ORGAN + _SUBJECT + _YEAR + _REPORT + _EDITION),
    re.compile(_YEAR + _ORGAN + _SUBJECT + _REPORT + _EDITION),
    re.compile(_ORGAN + _SUBJECT + _REPORT + r"\(" + _YEAR + r"\)" + _EDITION),
    re.compile(_ORGAN + _SUBJECT + _REPORT + rf"(?P<year>{_NUMBER})年?度"),
)
# Without a year it is a title only with an organ: 政府信息公开年报 alone is an entry of a web page's menu.
_WITHOUT_YEAR = re.compile(_ORGAN + _SUBJECT + r"年度(?:工作)?报告" + _EDITION)
# Reports with other forms are titled 某局2024年部门预算, with or without 公开 and the like behind.
_OTHER_REPORT = (
    r"(?:(?:及|和|、)[“\"]三公[”\"]经费(?:预算|决算)?)?"
    r"(?:信息)?(?:公开)?(?:情况)?(?:的)?(?:说明|报告|报表)?(?:书)?"
)
_LEVEL = r"[省市区县州镇乡本]级"
_PART = re.compile(r"第[一二三四五六七八九十]部分")
_DOCUMENT = re.compile(
    r"(?P<organ>[\u4e00-\u9fff()]{4,30}?)(?:印发|转发)?关于.{4,60}的(?:通知|公告|通告|公示|意见|函|批复|决定|通报)"
)
# Where the organ stands on lines of its own, it must end as organs do; a file
# number or 附件 above the title does not.
_ORGAN_END = re.compile(
    r"(政府|街道|办事处|委员会|管委会|局|委|办|厅|署|处|院|会|中心|公司|大学|学院|学校|医院|馆|队|社"
    r"|省|市|区|县|旗|镇|乡|苏木|部|室|站|所|支队|大队|总队|集团|银行)$"
)
# The end of a name, left where what stands before it was not read: any organ may be meant.
_GENERIC = re.compile(r"(?:人民)?政府(?:办公[室厅])?|街道(?:办事处)?|办事处|(?:管理)?委员会|[省市区县乡镇]")


def match_title(text: str, subjects: tuple[str, ...]) -> re.Match[str] | None:
    """Match a title, with groups `organ` and mostly `year`; `subjects` are those of forms with their own."""
    if _PART.match(text):
        return None
    patterns = (*_TITLES, *_other_titles(subjects))
    found = next((match for pattern in patterns if (match := pattern.fullmatch(text))), None)
    if found is None and (bare := _WITHOUT_YEAR.fullmatch(text)):
        return bare if names_an_organ(bare["organ"]) else None
    return found


def subject_in(text: str, subjects: tuple[str, ...]) -> str:
    """The subject of a title that is not 政府信息公开, empty for one that is."""
    return next((subject for subject in subjects if subject in text), "")


@cache
def _other_titles(subjects: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """The titles of reports whose forms name their own subject."""
    subject = f"(?:{_LEVEL})?(?:{'|'.join(map(re.escape, subjects))})"
    return (
        re.compile(_ORGAN + _YEAR + subject + _OTHER_REPORT),
        re.compile(_YEAR + _ORGAN + subject + _OTHER_REPORT),
        re.compile(_ORGAN + subject + _OTHER_REPORT + r"\(" + _YEAR + r"\)"),
    )


def number_of(year: str) -> int:
    """The year as a number: 2024 of 二〇二四."""
    return int("".join(_DIGITS.get(digit, digit.replace("O", "0")) for digit in year))


def names_an_organ(text: str) -> bool:
    """Say whether a text ends as the names of organs do."""
    return _ORGAN_END.search(text) is not None


def is_generic(text: str) -> bool:
    """Say whether a name is only the end of one, 人民政府: any organ may be meant."""
    return _GENERIC.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Say whether a text is a date and nothing else: 2024年1月20日, 二〇二四年一月."""
    return _DAY.fullmatch(text) is not None


def year_alone(text: str) -> int | None:
    """The year of a line that names nothing else: （2023年度）; 2023年 may be when it was printed."""
    match = _YEAR_ALONE.fullmatch(text)
    return number_of(match["year"]) if match else None


def organ_of_a_document(text: str) -> str:
    """The organ in the title of a notice or the like: 某局关于…的通知; empty where it is no such title."""
    match = _DOCUMENT.fullmatch(text)
    return match["organ"] if match else ""
