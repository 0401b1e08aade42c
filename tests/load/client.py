"""Many browsers in one process: `python -m tests.load.client`.

Standard input is one line of JSON, a `Plan`. It opens the streams, prints `open` when all have been answered,
`measuring` after the warm-up, `measured` after the window, and then a line of JSON with what it has seen. It loads
nothing heavy: it shares the cores with the server.
"""

import asyncio
import json
import random
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field

from tests.load.reading import StoryReader, Tally

CONNECT_TIMEOUT_S = 30.0
AT_ONCE = 50
"""Connections that are being opened at the same time."""

CHUNK_BYTES = 262_144


@dataclass(frozen=True)
class Plan:
    """Which streams to hold, and how they behave. Times are seconds.

    Stream i follows run i modulo their number. With `cut_after_s` each is cut by itself after about this long (an
    exponential time, from `seed`) and comes back with its cursor after `away_s`. With `until_bye` the window ends
    as soon as the server has ended every stream.
    """

    host: str
    port: int
    runs: list[str]
    streams: int
    warm_up_s: float = 2.0
    window_s: float = 10.0
    cut_after_s: float | None = None
    away_s: float = 1.0
    until_bye: bool = False
    seed: int = 0


@dataclass
class Browser:
    """One page that follows one run."""

    plan: Plan
    run_id: str
    chance: random.Random
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        """Nothing was read yet."""
        self.story = StoryReader(self.tally)
        self.answered = asyncio.Event()

    async def follow(self, door: asyncio.Semaphore) -> None:
        """Open the stream, read it, come back after each cut, until the run or the server has ended."""
        while True:
            is_cut = await self._connect_and_read(door)
            self.answered.set()
            if not is_cut or self.plan.until_bye:
                return
            await asyncio.sleep(self.plan.away_s * (0.5 + self.chance.random()))

    async def _connect_and_read(self, door: asyncio.Semaphore) -> bool:
        """One connection; True when a browser would come back."""
        self.story.connect()
        begun_s = time.monotonic()
        try:
            async with door:
                reader, writer = await asyncio.wait_for(
                    asyncio.open_connection(self.plan.host, self.plan.port, limit=CHUNK_BYTES), CONNECT_TIMEOUT_S
                )
                writer.write(self._request())
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), CONNECT_TIMEOUT_S)
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            self.tally.failed += 1
            return True
        self.tally.connect_ms.append((time.monotonic() - begun_s) * 1000)
        try:
            return await self._read(reader, int(head.split(b" ", 2)[1]))
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _request(self) -> bytes:
        """HTTP 1.0, so that events come without the framing of chunks."""
        cursor = f"Last-Event-ID: {self.story.cursor}\r\n" if self.story.cursor else ""
        host = f"{self.plan.host}:{self.plan.port}"
        return f"GET /api/runs/{self.run_id}/events HTTP/1.0\r\nHost: {host}\r\n{cursor}\r\n".encode()

    async def _read(self, reader: asyncio.StreamReader, status: int) -> bool:
        self.answered.set()
        if status != 200:
            if status != 204:
                self.tally.refused.append(status)
            return status not in (204, 404)
        cut_after_s = self.chance.expovariate(1 / self.plan.cut_after_s) if self.plan.cut_after_s else None
        try:
            await asyncio.wait_for(self._read_on(reader), cut_after_s)
        except asyncio.TimeoutError:
            self.tally.cuts += 1
            return True
        except OSError:
            pass
        self.tally.cut_by_server += 1
        return True

    async def _read_on(self, reader: asyncio.StreamReader) -> None:
        while chunk := await reader.read(CHUNK_BYTES):
            self.story.feed(chunk, time.monotonic_ns())


async def hold(plan: Plan) -> Tally:
    """Hold all streams for the warm-up and the window; what they saw together."""
    door = asyncio.Semaphore(AT_ONCE)
    browsers = [
        Browser(plan, plan.runs[number % len(plan.runs)], random.Random(f"{plan.seed} {number}"))
        for number in range(plan.streams)
    ]
    following = [asyncio.create_task(browser.follow(door)) for browser in browsers]
    await asyncio.wait_for(asyncio.gather(*(browser.answered.wait() for browser in browsers)), 2 * CONNECT_TIMEOUT_S)
    _say("open")
    await asyncio.sleep(plan.warm_up_s)
    begin_ns = time.monotonic_ns()
    for browser in browsers:
        browser.story.window_ns = (begin_ns, begin_ns + round(plan.window_s * 1e9))
    _say("measuring")
    await asyncio.wait(following, timeout=plan.window_s)
    _say("measured")
    await asyncio.sleep(0 if plan.until_bye else 0.5)  # what was sent at the end of the window is on its way
    for task in following:
        task.cancel()
    for result in await asyncio.gather(*following, return_exceptions=True):
        if isinstance(result, Exception):
            raise result
    return added([browser.tally for browser in browsers])


def added(tallies: list[Tally]) -> Tally:
    """One tally of several."""
    total = Tally()
    for tally in tallies:
        for name, value in vars(tally).items():
            setattr(total, name, getattr(total, name) + value)
    return total


def _say(word: str) -> None:
    print(word, flush=True)


def main() -> None:
    """Hold the streams that standard input asks for."""
    plan = Plan(**json.loads(sys.stdin.readline()))
    print(json.dumps(asyncio.run(hold(plan)).to_payload()), flush=True)


if __name__ == "__main__":
    main()
