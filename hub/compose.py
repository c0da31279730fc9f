"""Puts services together into one process and runs their threads; alone imports services."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module

import anyio.to_thread
import structlog
import uvicorn
from starlette.types import ASGIApp

from events.catalogue import SERVICES
from events.consumer import Consumer
from events.log import EventLog
from events.log_embedded import EmbeddedLog
from events.relay import Relay
from events.store import Store
from services.kit.app import Service
from services.kit.db import Database, open_database
from services.kit.identity import Signer, private_key
from services.kit.migrate import upgrade
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.kit.timers import TimerLoop

log = structlog.get_logger()


def create_services(settings: Settings, names: Iterable[str] = SERVICES) -> dict[str, Service]:
    """The named services, migrated and able to reach each other's workers."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    peers = Peers(settings, Signer("notification", private_key(settings.data_dir, "notification")))
    services = {}
    for name in names:
        service: Service = import_module(f"services.{name}.app").create(settings, peers)
        upgrade(service.database)
        peers.here(name, service.app)
        services[name] = service
    return services


def open_log(
    settings: Settings, stores: Mapping[str, Store], *, member: str | None = None
) -> EventLog:
    """Kafka when it is configured, else the outboxes of these stores.

    `member` names a lasting process, so that it takes its place in its groups at once when it
    is started again.
    """
    if settings.kafka:
        # Imported here: without Kafka nobody pays for its client.
        from events.log_kafka import KafkaLog

        return KafkaLog(
            settings.kafka,
            prefix=settings.kafka_prefix,
            replication=settings.kafka_replication,
            compaction_lag=settings.kafka_compaction_lag,
            member=member,
        )
    return EmbeddedLog(stores)


def open_stores(settings: Settings) -> dict[str, Database]:
    """Every service's database, for tools that look into all of them."""
    return {name: open_database(name, settings) for name in SERVICES}


class Runtime:
    """The threads of a process: relays, consumers, timers, workers."""

    def __init__(
        self,
        services: Mapping[str, Service],
        event_log: EventLog,
        *,
        relays: Iterable[str] | None = None,
        relay_poll: float = 1.0,
        patience: float = 5.0,
    ) -> None:
        self.services = services
        self.log = event_log
        self.stop_flag = threading.Event()
        self._patience = patience
        self._threads: list[threading.Thread] = []
        self._consumers: list[Consumer] = []
        self._jobs: list[tuple[str, Callable[[threading.Event], None]]] = []
        for name in services if relays is None else relays:
            relay = Relay(services[name].database, event_log, poll=relay_poll)
            self._jobs.append((f"{name}.relay", relay.run))
        for service in services.values():
            for group, handlers in service.groups.items():
                consumer = Consumer(
                    group=group,
                    store=service.database,
                    event_log=event_log,
                    handlers=handlers,
                    done=service.after_batch.get(group),
                )
                self._consumers.append(consumer)
                self._jobs.append((group, consumer.run))
            if service.timers:
                loop = TimerLoop(service.database, service.timers)
                self._jobs.append((f"{service.name}.timers", loop.run))
            for number, worker in enumerate(service.workers):
                self._jobs.append((f"{service.name}.worker-{number}", worker))

    def also(self, name: str, job: Callable[[threading.Event], None]) -> None:
        """Run one more job in a thread of its own; call before start."""
        self._jobs.append((name, job))

    def start(self) -> None:
        """Start every thread."""
        for name, job in self._jobs:
            thread = threading.Thread(target=job, args=(self.stop_flag,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop every thread, in a few seconds at most; what is unfinished is redone later."""
        self.stop_flag.set()
        for service in self.services.values():
            service.database.committed.set()
            for wake in service.after_batch.values():
                wake()
        for consumer in self._consumers:
            consumer.wake()
        deadline = time.monotonic() + self._patience
        for thread in self._threads:
            thread.join(timeout=max(0, deadline - time.monotonic()))
        self.log.close()
        for service in self.services.values():
            service.database.close()


class Server(uvicorn.Server):
    """A web server that says when it is about to stop, before it waits for answers under way."""

    def __init__(self, config: uvicorn.Config, leaving: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._leaving = leaving

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, once answers without an end have been told to end."""
        if self._leaving:
            self._leaving()
        await super().shutdown(sockets)


def serve(
    app: ASGIApp,
    settings: Settings,
    *,
    ready: Callable[[], None] | None = None,
    leaving: Callable[[], None] | None = None,
) -> None:
    """Serve until a signal comes; `ready` is called once the port is open, `leaving` at the end."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Whom a proxy asks for is decided by hub/limits.py, and trusted only where it is set.
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    server = Server(config, leaving)

    async def main() -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        serving = asyncio.create_task(server.serve())
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        if server.started and ready:
            ready()
        await serving

    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(main())
