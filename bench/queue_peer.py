"""Another job queue on the same PostgreSQL, for `make bench`: answers requests on standard input, one JSON line each.

{"fill": n} → {"seconds"}: n jobs that do nothing, queued the fastest way that the library offers
{"drain": n, "limit": s} → {"seconds", "jobs"}: one worker runs until n jobs are done durably, or for s seconds
{"latency": n} → {"milliseconds": [...]}: from just before a job is queued to the start of its handler, worker idle;
    some jobs more come first, for whatever is made when it is first used
{"idle": s} → {"seconds"}: a worker with nothing to do

Settings are the libraries' own except for batch size and concurrency, which are what served each best.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import version
from typing import Any

import uvloop

BULK = 10_000
WARM_UP = 20


class Queue(ABC):
    """A library. `begun` counts handler calls, `heard` is called by each."""

    def __init__(self, dsn: str, is_made: bool) -> None:
        self.dsn = dsn
        self.is_made = is_made
        self.begun = 0
        self.heard: Callable[[], None] = lambda: None

    def note(self) -> None:
        """What every handler does."""
        self.begun += 1
        self.heard()

    @abstractmethod
    async def open(self) -> None:
        """Connects, and makes the tables unless they are there."""

    @abstractmethod
    async def enqueue(self, count: int) -> None:
        """Queues at most `BULK` jobs with one call."""

    @abstractmethod
    async def done(self, filled: int) -> int:
        """How many of the jobs that were ever queued are done in the database."""

    @abstractmethod
    async def start(self) -> None:
        """Starts a worker."""

    @abstractmethod
    async def stop(self) -> None:
        """Stops it."""


class PGQueuer(Queue):
    """PGQueuer on asyncpg; a job's row is deleted when it is done."""

    async def open(self) -> None:
        import asyncpg
        from pgqueuer import AsyncpgDriver, Queries

        self.connection = await asyncpg.connect(self.dsn)
        self.queries = Queries(AsyncpgDriver(self.connection))
        if not self.is_made:
            await self.queries.install()

    async def enqueue(self, count: int) -> None:
        await self.queries.enqueue(["noop"] * count, [b"{}"] * count, [0] * count)

    async def done(self, filled: int) -> int:
        return filled - int(await self.connection.fetchval("SELECT count(*) FROM pgqueuer"))

    async def start(self) -> None:
        import asyncpg
        from pgqueuer import AsyncpgDriver, PgQueuer

        self.own = await asyncpg.connect(self.dsn)
        self.worker = PgQueuer(AsyncpgDriver(self.own))

        @self.worker.entrypoint("noop")
        async def noop(_job: Any) -> None:
            self.note()

        self.task = asyncio.create_task(self.worker.run(batch_size=1000))

    async def stop(self) -> None:
        self.worker.shutdown.set()
        await self.task
        await self.own.close()


class Procrastinate(Queue):
    """Procrastinate on psycopg; it fetches one job at a time."""

    async def open(self) -> None:
        import procrastinate

        self.app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(conninfo=self.dsn, min_size=1, max_size=8))

        @self.app.task(name="noop")
        async def noop() -> None:
            self.note()

        self.noop = noop
        await self.app.open_async()
        if not self.is_made:
            await self.app.schema_manager.apply_schema_async()

    async def enqueue(self, count: int) -> None:
        await self.noop.batch_defer_async(*[{}] * count)

    async def done(self, filled: int) -> int:
        row = await self.app.connector.execute_query_one_async(
            "SELECT count(*) AS done FROM procrastinate_jobs WHERE status = 'succeeded'")
        return int(row["done"])

    async def start(self) -> None:
        self.task = asyncio.create_task(
            self.app.run_worker_async(concurrency=5, install_signal_handlers=False))

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


class Oban(Queue):
    """Oban for Python, the open edition."""

    async def open(self) -> None:
        from oban import Oban as Instance
        from oban import worker
        from oban.schema import install

        self.pool = await Instance.create_pool(self.dsn, min_size=2, max_size=8)
        if not self.is_made:
            await install(self.pool)
        self.client = Instance(pool=self.pool, name="client")
        outer = self

        @worker(oban="client")
        class Noop:
            async def process(self, _job: Any) -> None:
                outer.note()

        self.noop: Any = Noop

    async def enqueue(self, count: int) -> None:
        await self.client.enqueue_many([self.noop.new({}) for _ in range(count)])

    async def done(self, filled: int) -> int:
        async with self.pool.connection() as connection:
            found = await connection.execute("SELECT count(*) FROM oban_jobs WHERE state = 'completed'")
            return int((await found.fetchone())[0])

    async def start(self) -> None:
        from oban import Oban as Instance

        self.worker = Instance(pool=self.pool, name="worker", queues={"default": 50})
        await self.worker.start()

    async def stop(self) -> None:
        await self.worker.stop()


class Peer:
    """Measures a library."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.filled = 0

    async def fill(self, count: int) -> dict[str, Any]:
        """Queues jobs in bulk."""
        began = time.perf_counter()
        for start in range(0, count, BULK):
            await self.queue.enqueue(min(BULK, count - start))
        self.filled += count
        return {"seconds": time.perf_counter() - began}

    async def drain(self, count: int, limit: float) -> dict[str, Any]:
        """Runs a worker; the clock stops when the database says that all is done."""
        before = await self.queue.done(self.filled)
        self.queue.begun = 0
        began = time.perf_counter()
        await self.queue.start()
        while self.queue.begun < count and time.perf_counter() - began < limit:
            await asyncio.sleep(0.02)
        while (done := await self.queue.done(self.filled) - before) < count and time.perf_counter() - began < limit:
            await asyncio.sleep(0.02)
        seconds = time.perf_counter() - began
        await self.queue.stop()
        return {"seconds": seconds, "jobs": done}

    async def latency(self, count: int) -> dict[str, Any]:
        """Queues jobs one by one for a worker that waits."""
        await self.queue.start()
        await asyncio.sleep(1)
        times = []
        for number in range(WARM_UP + count):
            heard = asyncio.Event()
            arrived = 0.0

            def note(heard: asyncio.Event = heard) -> None:
                nonlocal arrived
                arrived = time.perf_counter()
                heard.set()

            self.queue.heard = note
            began = time.perf_counter()
            await self.queue.enqueue(1)
            await asyncio.wait_for(heard.wait(), 60)
            if number >= WARM_UP:
                times.append((arrived - began) * 1000)
            await asyncio.sleep(0.02)
        self.queue.heard = lambda: None
        self.filled += WARM_UP + count
        await self.queue.stop()
        return {"milliseconds": times}

    async def idle(self, seconds: float) -> dict[str, Any]:
        """Lets a worker wait."""
        await self.queue.start()
        await asyncio.sleep(seconds)
        await self.queue.stop()
        return {"seconds": seconds}

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """One line's answer."""
        if "fill" in request:
            return await self.fill(request["fill"])
        if "drain" in request:
            return await self.drain(request["drain"], request["limit"])
        if "latency" in request:
            return await self.latency(request["latency"])
        return await self.idle(request["idle"])


async def serve(queue: Queue) -> None:
    """Answers until standard input ends."""
    name = type(queue).__name__
    await queue.open()
    peer = Peer(queue)
    print(json.dumps({"name": f"{name} {version(name.lower())}"}), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await peer.answer(json.loads(line))), flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", choices=("pgqueuer", "procrastinate", "oban"), required=True)
    parser.add_argument("--dsn", required=True, help="a database, as libpq writes it or as an address")
    parser.add_argument("--made", action="store_true", help="it has the library's tables already")
    options = parser.parse_args()
    logging.disable(logging.ERROR)
    kinds = {"pgqueuer": PGQueuer, "procrastinate": Procrastinate, "oban": Oban}
    uvloop.run(serve(kinds[options.library](options.dsn, options.made)))


if __name__ == "__main__":
    main()
