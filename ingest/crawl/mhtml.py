from dataclasses import dataclass
@dataclass(frozen=True)
class Part: url:str; content_type:str; body:bytes
def pack(page, parts): return b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n"+page.body+b"".join(p.body for p in parts)
