"""What words of links say: of which year, of which organ, and whether they only look like a report's."""

from __future__ import annotations

import re
import unicodedata

from ingest.crawl.pages.page_text import squeezed

_CHINESE_YEAR = re.compile(r"二[〇○零Oo0][〇○零Oo0一二三四五六七八九]{2}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
_YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d|[-/.]\d)")

_ORGAN = re.compile(
    r"[\u4e00-\u9fff()、·]{1,40}(?:局|委|办|厅|镇|乡|街道|政府|中心|委员会|办公室|院|署|队|站|所|社|处|部|区|县|市|州|盟|旗|"
    r"苏木|管委会|公司|集团|学校|联合会|协会)(?:\([\u4e00-\u9fff]{1,12}\))?"
)
# Words of a site's frame that end like an organ's.
_NO_ORGAN = re.compile(
    r"^(?:走进|走近|魅力|美丽|返回|关于|领导|进入|更多)|(?:新闻|互动|图片|数据|会员|个人|下载|视频|资讯|用户)中心$|"
    r"(?:专|社|小|地|景|城)区$|[上网掌通就您好次么]办$|(?:全|内|外)部$|(?:场|厕)所$|(?:此|出|好)处$|(?:网|本|旧)站$|国务院$"
)
_GROUP = re.compile(
    r"(?:各?[市县区省]?(?:直属?|级|政府|委)?各?(?:部门|单位|机关|机构)|各?乡?镇街?|街镇|街道|各?县\(?[市区、]{1,3}\)?|各?区县){1,4}"
    r"(?:\(.{1,12}\))?"
)

# What is said after "信息公开…年度报告" or instead of it where no report is behind.
_NO_REPORT = re.compile(
    r"解读|图解|一图|读懂|指南|目录|格式|模板|样式|填报说明|编制说明|工作要点|实施方案|培训|推进会|座谈会|会议|召开|"
    r"预算|决算|申请表|统计年鉴|政府工作报告|新闻发布会"
)
_ABOUT_REPORTS = re.compile(
    r"关于(?:做好|开展|编制|报送|印发|组织|进一步|认真|切实|加强|规范|提交|填报|修订|转发)|"
    r"的(?:通知|通报|意见|方案|办法|函|提示)|"
    r"(?:年度报告|年报|报告)的?(?:解读|图解|编制|编写|编报|报送|审核|评估|格式|模板|培训|发布会|发布情况|完成|获|排名|抽查|检查)"
)
# Annual reports of something else.
_FOREIGN = re.compile(
    r"法治|依法行政|预算|决算|财务|统计(?!局)|企业|上市|网站|网络|环境|水质|水资源|审计(?!局)|绩效|双随机|普法|质量|"
    r"信用|社会责任|公积金|慈善|社会组织|监测|工作要点|政府工作报告|年鉴|信访件|建议提案|债务|国资|国有资产|安全生产|"
    r"投诉|热线|营商"
)
# Parts of a disclosure column where no annual report is.
_ASIDE = re.compile(
    r"指南|目录|制度|依申请|申请|规定|条例|意见箱|意见征集|投诉|举报|监督|要点|会议|预算|决算|解读|新闻|动态|要闻|标准|试点|"
    r"重点领域|财政(?!局|厅|所)|公共资源|公共企事业|企事业|双公示|行政许可|行政处罚|权责|清单|规范性文件|政策|法规|文件库|"
    r"公报|建议|提案|应急|扶贫|招考|采购|统计(?!局)|问答|须知|流程|收费|机构职能|领导|考核|评议|培训|通知|公告|方案"
)
_NOTHING_SAID = re.compile(
    r"(?!\d+$)(?:查看|详情|详细|点击|此处|这里|下载|附件|文件|全文|原文|正文|在线|阅读|预览|浏览|更多|进入|打开|版|图标|图片|"
    r"more|view|download|read|pdf|word|docx?|[\d\s.:、,\[\]【】()<>《》»›+-])*+",
    re.I,
)
_MORE = re.compile(
    r"[\[(（【]?(?:查看)?更多[\w>》»›+…]{0,6}[\])）】]?|more[\W_]*|[>》»›]{1,3}|进入(?:专栏|栏目)?|全部", re.I
)
_BARE = re.compile(
    r"(?P<before>[^\d]{0,40}?)20\d\d年?度?(?P<after>[^\d]{0,40}?)(?:工作)?(?:年度报告|年报|度报告|报告(?<=度报告))"
    r"(?:\(.{0,10}\))?(?:\.\w{2,5})?"
)
_BARE_YEAR_LAST = re.compile(
    r"(?P<before>[^\d]{0,40}?)(?P<after>)(?:工作)?(?:年度报告|年报)[(\[—-]{0,2}20\d\d年?度?[)\]]?(?:\.\w{2,5})?"
)
# 2021年度信息公开报告; and how a column is called that holds them all.
_OF_DISCLOSURE = re.compile(r"20\d\d.{0,24}信息公开.{0,6}报告(?:\(.{0,10}\))?(?:\.\w{2,5})?")
_COLUMN = re.compile(r"(?:政府|政务)?信息公开(?:工作)?(?:年度工作报告|年度报告|年报)(?:专栏|栏目)?")
_DISCLOSURE = ("政府", "信息公开", "政府信息公开", "政务公开", "关于")
_YEAR_ONLY = re.compile(r"(20\d\d)年?(?:度|份)?(?:年报|年度报告|报告)?")
_CUT_SHORT = re.compile(
    r"信息公(?:开(?:工(?:作(?:年(?:度(?:报)?)?)?)?|年(?:度(?:报)?)?)?)?(?:…|\.{2,}|···)+$"
)


def normal(text: str) -> str:
    """Words for comparison: full-width digits and letters narrow, years in digits, no white space."""
    narrow = squeezed(unicodedata.normalize("NFKC", text))
    return _CHINESE_YEAR.sub(lambda match: match[0].translate(_CHINESE_DIGITS), narrow)


def years(words: str) -> tuple[int, ...]:
    """The years that normal words name, in their order; that of a date like 2024-01-18 is none."""
    return tuple(int(year) for year in _YEAR.findall(words))


def is_organ(words: str) -> bool:
    """Whether words are just the name of an organ or of a group of organs."""
    if _NO_ORGAN.search(words):
        return False
    return bool(_ORGAN.fullmatch(words) or _GROUP.fullmatch(words))


def no_report(words: str) -> str:
    """The word that tells that something which is called like a report is none; empty if it may be one."""
    found = _NO_REPORT.search(words) or _ABOUT_REPORTS.search(words)
    return found[0] if found else ""


def foreign(words: str) -> str:
    """The word that tells that an annual report is on something else."""
    found = _FOREIGN.search(words)
    return found[0] if found else ""


def aside(words: str) -> str:
    """The word that tells that a column of disclosure holds no annual reports; empty if it names them."""
    found = None if re.search(r"年报|年度报告", words) else _ASIDE.search(words)
    return found[0] if found else ""


def says_nothing(words: str) -> bool:
    """Whether a link says only 查看 or 下载, so that its row tells what it is."""
    return bool(_NOTHING_SAID.fullmatch(words))


def says_more(words: str) -> bool:
    """Whether a link says only 更多."""
    return bool(_MORE.fullmatch(words))


def is_bare_report(words: str) -> bool:
    """Whether words are like 2023年度报告 or ××局2021年年报, and of nothing else."""
    if foreign(words) or no_report(words):
        return False
    match = _BARE.fullmatch(words) or _BARE_YEAR_LAST.fullmatch(words)
    if match is None:
        return bool(_OF_DISCLOSURE.search(words))
    return all(not part or _is_whose(part) for part in (match["before"], match["after"]))


def _is_whose(part: str) -> bool:
    part = part.strip("—-_·.、《》:年度")
    whose = part.removesuffix("政府信息公开").removesuffix("信息公开")
    return not part or part in _DISCLOSURE or is_organ(whose)


def is_year_only(words: str) -> bool:
    """Whether words are just a year: 2023年, 2023年度."""
    return bool(_YEAR_ONLY.fullmatch(words))


def is_column(words: str) -> bool:
    """Whether words are just the name of a column of annual reports."""
    return bool(_COLUMN.fullmatch(words))


def is_cut_report(words: str) -> bool:
    """Whether words are cut short where a report's title would go on."""
    return bool(_CUT_SHORT.search(words))
