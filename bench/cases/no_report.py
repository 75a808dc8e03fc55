"""Documents that are no report, and some that are one by a hair: `no_report` on the former alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from bench.cases.base import Case, Outcome
from bench.corpus.degrade import scan_pdf
from bench.corpus.short_reports import FACES, ORGANS, Drawn, ruled, write
from samples.generator.typeset import Block, Heading

NOTICE = "各科室、直属单位：现将有关事项通知如下，请遵照执行。"
GOODS = ruled(("品名|单位|数量|金额", "办公桌|张|12|8400", "文件柜|个|7|3150", "打印纸|箱|40|6200"))
STAFF = ruled(("姓名|科室|电话", "甲|办公室|1001", "乙|财务科|1002"))
OTHERS: tuple[tuple[Block, ...], ...] = (
    (Heading("关于国庆节放假的通知", 0), NOTICE, "10月1日至7日放假，共7天。"),
    (Heading("办公用品采购清单", 0), GOODS),
    (Heading("值班表", 0), STAFF, "值班时间为每日18时至次日8时。"),
    (Heading("关于报送2023年政府信息公开工作年度报告的通知", 0), NOTICE, "请于1月10日前报送。"),
    (Heading("中华人民共和国政府信息公开条例", 0), "第二十条 行政机关应当主动公开本行政机关的下列政府信息。"),
    (Heading("2023年工作总结", 0), "一、主要工作", "全年共办理行政许可320件，行政处罚15件。", STAFF),
    (Heading("政府信息公开申请表", 0), ruled(("申请人|", "所需信息|", "获取方式|"))),
    (Heading("Minutes of the meeting", 0), "Present: A, B, C. The report of last year was approved."),
    (Heading("行政复议决定书", 0), "申请人不服被申请人作出的政府信息公开答复，依法提起行政复议。"),
    (Heading("2023年国民经济和社会发展统计公报", 0), GOODS, "全年完成固定资产投资12亿元。"),
    (Heading("招标公告", 0), NOTICE, GOODS, STAFF),
    (Heading("政府信息公开指南", 0), "一、主动公开", "二、依申请公开", "三、监督方式"),
)
REPORTS: tuple[tuple[Block, ...], ...] = (
    (Heading(f"{ORGANS[0]}\n2023年政府信息公开工作年度报告", 0), "正文见后。"),
    (Heading(f"{ORGANS[1]}政府信息公开工作年度报告\n（2022年）", 0), "正文见后。"),
    (Heading(f"{ORGANS[2]}2016年政府信息公开工作年度报告", 0), GOODS),
    (Heading(f"{ORGANS[3]}2024年部门预算", 0), GOODS),
    (Heading("三、收到和处理政府信息公开申请情况"), "（见下图）"),
    (Drawn("proactive", "2021", 7).block(),),
)


def draw(folder: Path) -> Iterator[Case]:
    """24 documents: 12 of other kinds, two of them scanned too; pictures; and 6 that are reports."""
    for number, blocks in enumerate(OTHERS):
        path = write(folder / f"other-{number:02d}.pdf", blocks, FACES[number % len(FACES)])
        yield Case(path, (), partial(_complaint, expected=True))
        if number in (0, 1):
            scan = folder / f"other-{number:02d}-scan.pdf"
            scan_pdf(path, scan, "grey200", seed=number)
            yield Case(scan, (), partial(_complaint, expected=True))
    for number in range(4):
        yield Case(_picture(folder, number), (), partial(_complaint, expected=True))
    for number, blocks in enumerate(REPORTS):
        path = write(folder / f"report-{number:02d}.pdf", blocks)
        truth = Drawn("proactive", "2021", 7).facts() if number == len(REPORTS) - 1 else ()
        yield Case(path, truth, partial(_complaint, expected=False))


def _picture(folder: Path, number: int) -> Path:
    """A picture without any print: light that changes over the page, hills, grain."""
    rng = np.random.default_rng(number)
    y, x = np.mgrid[0:600, 0:800]
    hills = 300 + 80 * np.sin(x / (60 + 30 * number)) + 30 * np.cos(x / 23)
    sky = np.where(y < hills, 200 - y / 8, 90 + x / 12)
    pixels = np.clip(sky + rng.normal(0, 6, sky.shape), 0, 255).astype(np.uint8)
    path = folder / f"picture-{number}.jpg"
    Image.fromarray(pixels).convert("RGB").save(path, quality=85)
    return path


def _complaint(outcome: Outcome, *, expected: bool) -> str:
    # only the line of flags: the path of the document, which `show` prints too, may hold the word
    flags = (line for line in outcome.shown.splitlines() if line.split()[:1] == ["flags"])
    said = any("no_report" in line for line in flags)
    return "" if said == expected else f"no_report is {'' if said else 'not '}said"
