"""What may be the name of an organ that reports, where no title says so."""

from __future__ import annotations

import re

from reconcile.title_patterns import names_an_organ

_NAME = re.compile(r"[\u4e00-\u9fff()·]{4,30}")
_SHORT_NAME = re.compile(r"[\u4e00-\u9fff()·]{3,30}")
# A place before what an organ is: 云溪县水利局, 市场监督管理局 alone is nobody's.
_PLACE = re.compile(r"[省市区县州盟旗镇乡]|街道|开发区|大学|学院|中学|小学|医院|公司")
# Names like 本溪市 and 贵阳市 begin as words do that stand for whoever writes.
_SELF = re.compile(r"^(?:[我本该][省市区县镇乡街局办委单机部级]|各)|各(?:部门|单位)")
_VERBS = re.compile(
    r"按照|根据|依据|负责|组织编|(?<!机构)编制|公布|发布|要求|进行|的|关于|以下|附件|目录|公开"
)
# An office that compiles what its government reports: which of the two reports is not said.
_COMPILER = re.compile(r"政府(?:办公[厅室]|办)$|政务(?:服务|公开)|行政审批|信息公开|大数据|政数")
_WHOLE = re.compile(r".*(?:省|市|区|县|州|盟|旗)$")


def is_organ_name(text: str) -> bool:
    """Say whether a text is the whole name of an organ: a place, and what the organ is there."""
    if not _NAME.fullmatch(text) or not names_an_organ(text) or _SELF.search(text) or _VERBS.search(text):
        return False
    return _PLACE.search(text[:-1]) is not None and not is_place(text)


def is_announced_organ(text: str) -> bool:
    """Say whether a text that is said to be an organ may be one: 民政局 where its place is left out."""
    named = _SHORT_NAME.fullmatch(text) and names_an_organ(text)
    return bool(named) and not _SELF.search(text) and not _VERBS.search(text) and not is_place(text)


def is_place(text: str) -> bool:
    """Say whether a name is that of a place and no organ's: 上海市普陀区."""
    return _WHOLE.fullmatch(text) is not None


def is_compiler(text: str) -> bool:
    """Say whether an organ often compiles the report of another."""
    return _COMPILER.search(text) is not None
