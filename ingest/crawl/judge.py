from dataclasses import dataclass
import re
from archive.crawlrecords import Kind
@dataclass(frozen=True)
class Judged: link:object; kind:object; deeper:bool; why:str
@dataclass(frozen=True)
class Nature: kind:str; why:str; images:tuple=()
def links(v, site, depth):
    out=[]
    for l in v.links:
        k=None
        if re.search(r"\.(pdf|zip|docx?)$", l.url): k=Kind.FILE
        elif re.search(site.title,l.text): k=Kind.REPORT
        elif re.search(site.way,l.text) or "下一页" in l.text: k=Kind.LIST
        out.append(Judged(l,k,"下一页" not in l.text,"stub"))
    return tuple(out)
def nature(v, site, t):
    if v.tables: return Nature("report","tables", tuple(i.url for i in v.images))
    return Nature("page","")
