from dataclasses import dataclass
from hashlib import sha256
from parsel import Selector
from urllib.parse import urljoin
@dataclass(frozen=True)
class Link: url:str; text:str; around:str; how:str
@dataclass(frozen=True)
class Image: url:str
@dataclass(frozen=True)
class PageView: url:str; title:str; heading:str; text:str; links:tuple; images:tuple; styles:tuple; tables:int
def look_at(url, body, ct):
    s=Selector(text=body.decode("utf8","replace"))
    return PageView(url, s.css("title::text").get(""), s.css("h1::text").get(""), " ".join(s.xpath("//text()").getall()),
      tuple(Link(urljoin(url,a.attrib.get("href","")), "".join(a.xpath(".//text()").getall()), "", "a") for a in s.css("a")),
      tuple(Image(urljoin(url,i.attrib["src"])) for i in s.css("img")), (), len(s.css("table")))
def fingerprint(v): return sha256(v.text.encode()).hexdigest()
def shape(v,j): return {"n": len(j)}
