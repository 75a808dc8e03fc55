# ruff: noqa: E501 (lines of Markdown)
"""What the README in a bag tells the stranger who opens it many years from now."""

README = """\
# 这是什么 / What this is

本包内是中国行政机关《政府信息公开工作年度报告》的原件，以及用光学字符识别（OCR）从中读出的内容。
由归档程序 guidang 写成，遵循 BagIt 1.0（RFC 8493）。原件逐字节保留；读出的内容照印刷所见记录，不作改动，
可疑之处加标记；人工意见另记，不覆盖读数。

This bag holds annual reports of Chinese public bodies on the disclosure of government information: the original
files, byte for byte, and what was read from them by OCR. It was written by guidang as a BagIt 1.0 bag (RFC 8493).
Readings say what is printed and were never altered; whatever may be wrong is flagged; what people said of a value is
kept beside it.

检查完整性 / To check that nothing was changed or lost: compare the checksums in manifest-sha256.txt (one folder up),
e.g. `sha256sum -c manifest-sha256.txt`, or run any BagIt validator.

# 结构 / Layout

| 文件 file | 内容 what it holds |
|---|---|
| documents.csv | 文件清单，每行一件 / the list of documents, a row each |
| keys.csv | 数值各键（table, row, column）所指的印刷标题 / the printed labels that the keys of values stand for |
| originals/SHA256.pdf (.jpg .png .tif …) | 原件，以其 SHA-256 命名 / an original, named by its SHA-256 |
| documents/SHA256/provenance.json | 来源、日期、每次识别的程序与参数、每页的方向 / where it came from and when, every run of OCR with programs and options, how each page lies |
| documents/SHA256/alto/page-0001.xml | 每页的文字与位置（ALTO 4.4）/ the text of each page and where it stands (ALTO 4.4) |
| documents/SHA256/values.csv | 法定表格的数值 / the values of the statutory forms |
| documents/SHA256/tables.json | 全部表格，逐格；caption 表题，confidence 结构把握 / every table, cell by cell; `caption` names it, `confidence` says how sure its structure is, null where nobody asked |
| documents/SHA256/findings.csv | 核对所见 / what checks found, one a row |
| documents/SHA256/corrections.csv | 人工意见，依次排列 / what people said of values, in order |
| documents/SHA256/reports.csv | 文件所含各份报告：机关、年度、起止页 / the reports in the document: organ, year, first and last page |
| documents/SHA256/report-corrections.csv | 对报告的人工意见（机关、年度、起止）/ what people said of the reports: organ, year, where they begin |

未能识别（failed、quarantined）或尚未识别（pending）的文件也在其中，原因见 provenance.json 的 runs（reason）。
Documents that could not be read (failed, quarantined) or were not read yet (pending) are here too, with empty tables; `runs` in
provenance.json says why (`reason`).
已归并入另一文件的各页（set_aside）也在其中；归并后的文件是各页原件的 zip，report-corrections.csv 的 members 列其成员。
So are those that became part of another (set_aside): that one is a zip of their originals, `members` in its report-corrections.csv names them.

CSV：UTF-8，逗号分隔，首行为列名；以 = + @ 等开头的文字前加了一个单引号，以免电子表格当作公式。
CSV files are UTF-8 with a header; a text that a spreadsheet would take for a formula has one ' put before it.
In JSON and XML texts are as they were read; what XML cannot hold became U+FFFD. Times are UTC.

# 单位与原点 / Units and origin

CSV 与 JSON 中的坐标：点（1/72 英寸），原点在页面左上角，页面为原件所存方向（未转正）；ALTO 中为 1/1200 英寸，
1 点 = 1200/72。页码从 1 起，表格行列从 0 起。
Boxes (left, top, right, bottom) are in points, 1/72 inch, from the top left corner of the page as the original shows
it, before it was set upright; in ALTO in 1/1200 inch, one point being 1200/72 of them. Pages count from 1, rows and
columns of tables from 0. `turned` is the clockwise turn (0, 90, 180, 270) that sets a page upright, `skew` the
clockwise angle in degrees that was straightened after it. `route` says how a page was read: `digital` from its text
layer, `scanned` from its picture, `garbled` from its picture because its text layer does not say what is printed,
`blank` without any print. In ALTO one String holds a whole line or cell: words in it were not placed one by one.

# 状态 / States (column `state`)

| | |
|---|---|
| read | 读出数字 / a number is printed; `raw` as printed, `value` as a plain decimal, no unit converted |
| blank | 空白 / nothing is printed |
| dash | “/”、“—”、“无” / the report says there is nothing to say; not 0 |
| unread | 有印刷，未能读作数字 / something is printed that could not be read as a number |
| missing | 应有而未找到 / the cell should be there and was not found |

`part`：一件中的第几份报告，从 1 起；0 为不属任何报告。`part` says which report of the document, from 1; 0 is none.

空白、“/”与 0 是三回事。Blank, a dash and 0 are three different facts. `confidence` runs from 0 to 1.

# 标记 / Flags (column `flags`, joined by `;`)

| | |
|---|---|
| low_confidence | 把握不足 / the reading is unsure |
| disagreement | 两次读数不一 / two readings differ |
| unread, missing | 见上 / as the states |
| weak_match | 行列归属不确定 / the value may belong to another row or column |
| doubtful_structure | 表格结构把握不足：单元格的行、列、跨度可能有误（用于表格）/ the structure of a table is unsure: a cell may stand in another row or column, or reach further; on tables |
| doubtful_border | 一件含几份报告时，起止不确定 / of several reports in a document, it is unsure where one begins |
| no_report | 全件：未见年度报告的标题或已知表式（列于 findings.csv）/ of a document: neither the title nor a table of a report was found (in findings.csv) |
| unbalanced | 勾稽关系不成立，原因未明 / a sum does not hold, and it is not known why |
| source_anomaly | 原件即如此，读数无误 / a sum does not hold and the report is printed so; the reading stands |
| unknown_form | 未知表式（用于表格）/ a table of no known form |

`needs_review` 1：宜由人查看 / a person should look.

# 人工意见 / corrections.csv

每行一次表态，只增不改。`kind`: accept 认可；correct 更正为 `state`/`raw`/`value`；anomaly 原件即如此；note 备注；
undo 撤销 `undoes` 所指。`stands` 1 为现行。`seen_…` 为当时所见读数及其 run。
Rows were only ever added. accept: the reading is right; correct: `state`, `raw`, `value` are what is printed;
anomaly: the report is printed so by mistake; note: a remark; undo: takes back the verdict that `undoes` names. The row
with `stands` 1 holds. `seen_…` is what the reading of the run `seen_run` said then; `who` and `at` say whose word it is.
"""
