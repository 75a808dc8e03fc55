"""A site that changes at every answer though nothing on it was changed: a counter, the date, the weather."""

from __future__ import annotations

from tests.support.countyweb.web import Answer, Asked, Validators, Web
from tests.support.countyweb.wording import document, links, report, title_of

ORGAN = "栖禾县气象局"


def build(web: Web) -> None:
    """One report, printed as a page."""
    text, facts = report(ORGAN, 2023, {})
    web.page("/", document(ORGAN, links([("/nb/", "政府信息公开年报")])))
    web.page("/nb/", document("政府信息公开年报", links([("/nb/2023.html", title_of(ORGAN, 2023))])))

    def counted(asked: Asked) -> Answer:
        day, seen = (
            f"2026年11月{asked.times % 30 + 1}日 星期{'一二三四五六日'[asked.times % 7]}",
            300 + asked.times,
        )
        frame = f'<div class="top">今天是{day}　气温{asked.times % 20}℃</div>'
        line = f'<div class="info">发布日期：2024-01-25　浏览次数：{seen}次</div>'
        whole = document(title_of(ORGAN, 2023), line + text, frame=frame)
        return Answer(whole.encode(), validators=Validators.NONE)

    web.replies["/nb/2023.html"] = counted
    web.want_page(title_of(ORGAN, 2023), facts, "/nb/2023.html")
