"""How many questions one client may ask: an option, counted by the library `limits`.

Each worker counts by itself, in its own memory, so a client of several workers may ask more.
"""

from collections.abc import Callable
from ipaddress import ip_network
from math import ceil
from time import monotonic

from limits import parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from app.proxies import plain_address

MOST_CLIENTS = 20_000  # are counted at once, in 5 MB; beyond them the oldest count is forgotten
NETWORK_BITS = 64  # of an IPv6 address; one visitor has all addresses of such a network


class Counters(Storage):
    """Counts in memory, for one rate. Their number is bounded, which that of `limits` is not.

    All of them end after the same time. So the first in the dict is the first to end, and ended
    ones are dropped from there.
    """

    STORAGE_SCHEME = None
    base_exceptions = ValueError

    def __init__(self, clock: Callable[[], float] = monotonic, most: int = MOST_CLIENTS) -> None:
        super().__init__()
        self._clock, self._most = clock, most
        self._counts: dict[str, tuple[int, float]] = {}  # a count, and when it ends

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count one more; the new count."""
        now = self._clock()
        while self._counts:
            first = next(iter(self._counts))
            if self._counts[first][1] > now:
                break
            del self._counts[first]
        if key not in self._counts and len(self._counts) >= self._most:
            del self._counts[next(iter(self._counts))]
        count, end = self._counts.get(key, (0, now + expiry))
        self._counts[key] = (count + amount, end)
        return count + amount

    def get(self, key: str) -> int:
        """The count."""
        return self._counts.get(key, (0, 0.0))[0]

    def get_expiry(self, key: str) -> float:
        """When the count ends, by the clock."""
        return self._counts.get(key, (0, self._clock()))[1]

    def check(self) -> bool:
        """Memory always works."""
        return True

    def reset(self) -> int | None:
        """Forget all."""
        forgotten = len(self._counts)
        self._counts.clear()
        return forgotten

    def clear(self, key: str) -> None:
        """Forget one."""
        self._counts.pop(key, None)


class Rates:
    """The rate of every client.

    limit: such as 100/second or 20 per minute
    """

    def __init__(
        self, limit: str, clock: Callable[[], float] = monotonic, most: int = MOST_CLIENTS
    ) -> None:
        self._limit, self._clock = parse(limit), clock
        self._limiter = FixedWindowRateLimiter(Counters(clock, most))

    def seconds_to_wait(self, address: str) -> int:
        """Count a question of this client; 0 if it may ask, else after how many seconds."""
        client = client_of(address)
        if self._limiter.hit(self._limit, client):
            return 0
        end = self._limiter.get_window_stats(self._limit, client).reset_time
        return max(1, ceil(end - self._clock()))


def client_of(address: str) -> str:
    """What counts as one client: an IPv4 address, a network of IPv6, or any other text."""
    plain = plain_address(address)
    if plain is None or ":" not in plain:
        return plain or address
    return str(ip_network(f"{plain}/{NETWORK_BITS}", strict=False))
