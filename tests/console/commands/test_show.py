"""`guidang show`: a report, a page, pictures."""

from __future__ import annotations


def test_show_draws_the_tables_with_their_printed_labels(guidang, home):
    shown = guidang("show", "a.pdf").out
    assert "一、本年新收政府信息公开申请数量" in shown
    assert "自然人" in shown
    assert "0*" in shown  # printed so, and wrong in the report
    assert "-3?" in shown  # doubtful
    assert "总计 is printed 0" in shown
    assert "@x" in shown  # the table of no known form
    assert "requests/granted/total" in shown


def test_show_page_gives_its_text_and_where_its_values_stand(guidang, home):
    shown = guidang("show", "a.pdf", "--page", 2).out
    assert "三、收到和处理政府信息公开申请情况" in shown
    assert "150 220 200 240" in shown
    assert "一、总体情况" not in shown


def test_show_of_a_failed_document_says_why(guidang, home):
    assert "open: HTML" in guidang("show", "bad.pdf").out


def test_show_image_prints_the_path_of_the_picture(guidang, home, batch):
    assert guidang("show", "a.pdf", "--page", 3, "--image").out.endswith("-3.png\n")


def test_show_stages_prints_the_path_of_each_picture(guidang, home, batch):
    assert guidang("show", "a.pdf", "--page", 2, "--stages", "debug").out == "debug/01-page2.png\n"
