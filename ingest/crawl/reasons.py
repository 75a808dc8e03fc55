from archive.crawlrecords import Outcome
def explain(e, r): return Outcome.ERROR, f"{type(e).__name__}: {e}"
