"""Latency of a running service as a client on one kept connection sees it, milliseconds: found anew, and asked again.

usage: http_search.py URL [QUERY …]    e.g. http_search.py http://127.0.0.1:8000
"""

import http.client
import sys
import time
import urllib.parse
from statistics import median, quantiles

QUERIES = (
    "行政执法案卷评查",
    "双随机一公开",
    "谁牵头行政执法人员资格管理",
    "老百姓告官怎么应对",
    "领导干部学法",
    "实施方案第12条",
)
ROUNDS = 20


def main(url: str, queries: tuple[str, ...]) -> None:
    """Print median and 95th percentile after one round of warming up."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)
    for query in queries:
        _seconds(connection, query)
    # A text that does not stand in the query changes nothing, but what was found before is not used again.
    anew = [_seconds(connection, query, f"run {run}") * 1000 for run in range(ROUNDS) for query in queries]
    again = [_seconds(connection, query) * 1000 for _ in range(ROUNDS) for query in queries]
    for name, taken in (("found anew", anew), ("asked again", again)):
        print(f"{name}: {len(taken)} searches, p50 {median(taken):.1f} ms, p95 {quantiles(taken, n=20)[-1]:.1f} ms")


def _seconds(connection: http.client.HTTPConnection, query: str, plain: str = "") -> float:
    started = time.perf_counter()
    parameters = [("q", query), *([("plain", plain)] if plain else [])]
    connection.request("GET", "/api/v1/search?" + urllib.parse.urlencode(parameters))
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    return time.perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1], tuple(sys.argv[2:]) or QUERIES)
