"""The running text of a sample report, in our own words, with counts that match its tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from samples.generator.values import Address, Printed

SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)

_WORK = (
    "把群众办事最常问的事项放在栏目首位，全年通过网站和公示栏发布各类信息{n}条，其中惠民补贴、环境整治和工程建设类信息占多数。",
    "围绕年度重点工作及时更新信息，全年发布动态、公告和解读共{n}条，发布前均经起草、审核、签发三道手续。",
    "对照目录逐项梳理应当公开的内容，补发遗漏信息，全年公开信息{n}条，方便村（社区）居民查询。",
)
_MANAGE = (
    "信息发布实行登记制度，谁起草谁负责，过期信息每季度清理一次，确保内容准确、链接可用。",
    "文件起草时同步确定公开属性，涉及个人隐私的内容先行处理再发布，档案同步归集。",
)
_PLATFORM = (
    "依托上级政府网站开设专栏，在便民大厅设查阅点，配有查询电脑和纸质文件夹，由窗口人员协助使用。",
    "网站专栏、宣传栏和便民窗口互为补充，老年居民可以在查阅点由工作人员代为查询。",
)
_GUARD = (
    "明确一名分管负责同志和一名信息员，组织业务学习两次，全年未发生因公开不当引起的责任追究。",
    "将公开工作列入年度考核内容，半年检查一次，发现的问题当月整改完毕。",
)
_TROUBLE = (
    "存在的问题：一是信息更新不够均衡，年底集中发布较多；二是解读材料形式单一，图表偏少；三是信息员兼职较多，业务熟练程度有待提高。",
    "存在的问题：一是部分栏目更新间隔偏长；二是对申请人真实需求的沟通还不够充分；三是基层人员培训次数偏少。",
)
_REMEDY = (
    "改进情况：按月排定发布计划，落实到人；每份重要文件配一份通俗说明；新任信息员先培训后上岗，并与邻近单位交流做法。",
    "改进情况：建立栏目更新提醒，超期自动催办；收到申请后先与申请人联系，弄清所需内容再答复；每半年组织一次集中培训。",
)


def preamble(organ: str, year: int) -> str:
    """The opening paragraph; it names no person, address or number."""
    return (
        f"本报告由{organ}按照《中华人民共和国政府信息公开条例》（以下简称《条例》）的规定编制，"
        f"所列数据的统计期限为{year}年1月1日至{year}年12月31日。"
    )


def overview(
    year: int, tables: Mapping[str, Mapping[Address, Printed]], rng: np.random.Generator
) -> list[str]:
    """Paragraphs of 一、总体情况; counts of applications and reviews are those of the tables."""
    opening = (
        f"{year}年，本机关坚持以公开为常态、不公开为例外，围绕中心工作推进政府信息公开，各项工作平稳有序。"
    )
    published = _pick(_WORK, rng).format(n=int(rng.integers(40, 900)))
    return [
        opening,
        f"（一）主动公开情况。{published}",
        f"（二）依申请公开情况。{_applications(tables)}",
        f"（三）政府信息管理情况。{_pick(_MANAGE, rng)}",
        f"（四）平台建设情况。{_pick(_PLATFORM, rng)}",
        f"（五）监督保障情况。{_pick(_GUARD, rng)}{_reviews(tables)}",
    ]


def problems(rng: np.random.Generator) -> list[str]:
    """Paragraphs of 五、存在的主要问题及改进情况."""
    return [_pick(_TROUBLE, rng), _pick(_REMEDY, rng)]


def remarks() -> list[str]:
    """Paragraphs of 六、其他需要报告的事项."""
    return ["本年度未收取政府信息公开信息处理费。除此之外，没有其他需要报告的事项。"]


def _applications(tables: Mapping[str, Mapping[Address, Printed]]) -> str:
    table = tables.get("requests", {})
    new, kept = table.get(("new", "total")), table.get(("carried_out", "total"))
    if new is None or kept is None or new.state != "read" or new.value == "0":
        return "受理渠道保持畅通，本年度未收到政府信息公开申请。"
    return f"本年度收到政府信息公开申请{new.value}件，均依法办理，结转下年度继续办理{kept.value}件。"


def _reviews(tables: Mapping[str, Mapping[Address, Printed]]) -> str:
    total = tables.get("review", {}).get(("cases", "review.total"))
    if total is None or total.state != "read" or total.value == "0":
        return ""
    return f"本年度因政府信息公开被申请行政复议{total.value}件。"


def _pick(choices: tuple[str, ...], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]
