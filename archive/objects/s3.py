"""How an S3 store is asked: in bounded time, a bounded number of times, and never by a key in its address.

Keys, region and endpoint come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL` …) or
from AWS's own files; what fsspec's own settings say of `config_kwargs` goes before what stands here.
"""

from __future__ import annotations

from typing import Any

from fsspec.config import conf

from core.errors import ArchiveUnavailable

SCHEMES = ("s3://", "s3a://")
# A server that accepts and never answers is given up after ATTEMPTS × ROUNDS × READ_S, two minutes.
CONNECT_S = 5
READ_S = 20
ATTEMPTS = 3  # of one request, by botocore: refused connections, 500, 503
ROUNDS = 2  # of such requests, by s3fs: timeouts, bodies cut short


def is_s3(address: str) -> bool:
    """Whether s3fs is what opens an address."""
    return address.startswith(SCHEMES)


def options() -> dict[str, Any]:
    """What s3fs is opened with. Listings are not remembered: other machines write to the store too."""
    retries = {"mode": "standard", "total_max_attempts": ATTEMPTS}
    ours = {"connect_timeout": CONNECT_S, "read_timeout": READ_S, "retries": retries}
    return {"config_kwargs": ours | conf.get("s3", {}).get("config_kwargs", {}), "use_listings_cache": False}


def bound_rounds(files: Any) -> None:
    """Let s3fs ask less often than its five times, each of which is ATTEMPTS already."""
    files.retries = ROUNDS


def need_bucket(files: Any, root: str) -> None:
    """Raise ArchiveUnavailable for a bucket that is not there: no object of it has been lost.

    What the store raises for other reasons passes through.
    """
    bucket = root.split("/", 1)[0]
    try:
        files.call_s3("head_bucket", Bucket=bucket)
    except FileNotFoundError:
        raise ArchiveUnavailable(
            f"there is no bucket {bucket}: make it, or correct $AWS_ENDPOINT_URL"
        ) from None
