from urllib.parse import urlsplit
def canonical(url): return url
def default_hosts(start): return tuple(urlsplit(u).hostname for u in start)
def is_on_site(url, hosts): return (urlsplit(url).hostname or "") in hosts
