"""The ways to run the hub: all in one process, or each part as its own."""

import signal
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import typer
from rich.console import Console

from events.catalogue import SERVICES
from events.relay import Relay
from hub import app as gateway
from hub.clients import Clients
from hub.compose import Runtime, create_services, open_log, serve
from hub.live import Live
from hub.settings import Settings
from services.kit.db import open_database
from services.kit.identity import Signer, private_key

console = Console(stderr=True)


def run_everything(settings: Settings) -> None:
    """Every service, relay and the gateway in this process."""
    services = create_services(settings)
    stores = {name: made.database for name, made in services.items()}
    event_log = open_log(settings, stores, member=_member(settings))
    runtime = Runtime(services, event_log)
    clients = Clients(
        settings, _gateway_signer(settings), {name: made.app for name, made in services.items()}
    )
    calendar = services["calendar"].app.state
    app = gateway.create(settings, clients, calendar.feed_routes)
    live: Live = app.state.live
    runtime.also("gateway.live", partial(live.follow, event_log))
    runtime.start()
    try:
        # Feeds are polled without end: they are answered before the gateway's middleware.
        serve(
            calendar.feeds_first(app),
            settings,
            ready=lambda: _say_where(settings),
            leaving=live.close,
        )
    finally:
        runtime.stop()


def run_service(settings: Settings, name: str) -> None:
    """One service as its own process: API, consumers, timers, workers; no relay."""
    _needs_kafka(settings)
    services = create_services(settings, [_known(name)])
    event_log = open_log(settings, {}, member=_member(settings))
    runtime = Runtime(services, event_log, relays=())
    runtime.start()
    try:
        serve(services[name].app, settings)
    finally:
        runtime.stop()


def run_relay(settings: Settings, name: str) -> None:
    """The relay of one service; commits of other processes are found by looking often."""
    _needs_kafka(settings)
    store = open_database(_known(name), settings)
    stop = threading.Event()
    with _stopped_by_signals(stop):
        Relay(store, open_log(settings, {}), poll=0.01).run(stop)
    store.close()


def run_gateway(settings: Settings) -> None:
    """The gateway as its own process; services answer over the network."""
    _needs_kafka(settings)
    event_log = open_log(settings, {})
    clients = Clients(settings, _gateway_signer(settings), {})
    app = gateway.create(settings, clients)
    stop = threading.Event()
    live: Live = app.state.live
    threading.Thread(target=live.follow, args=(event_log, stop), daemon=True).start()
    try:
        serve(app, settings, ready=lambda: _say_where(settings), leaving=live.close)
    finally:
        stop.set()
        event_log.close()


@asynccontextmanager
async def offline_clients(settings: Settings) -> AsyncIterator[Clients]:
    """Clients to services in this process, for commands.

    What they publish waits in the outbox for the relay of a hub that runs, now or later.
    """
    services = create_services(settings)
    clients = Clients(
        settings, _gateway_signer(settings), {name: made.app for name, made in services.items()}
    )
    try:
        yield clients
    finally:
        await clients.close()
        for made in services.values():
            made.database.close()


@asynccontextmanager
async def working_clients(settings: Settings) -> AsyncIterator[Clients]:
    """Clients to services in this process, with their relays and consumers at work.

    A hub that runs on the same data at the same time is not disturbed.
    """
    services = create_services(settings)
    event_log = open_log(settings, {name: made.database for name, made in services.items()})
    runtime = Runtime(services, event_log)
    runtime.start()
    clients = Clients(
        settings, _gateway_signer(settings), {name: made.app for name, made in services.items()}
    )
    try:
        yield clients
    finally:
        await clients.close()
        runtime.stop()


def _member(settings: Settings) -> str:
    """A name for this process that it has again after a restart and no other process has."""
    return f"{socket.gethostname()}-{settings.port}"


def _gateway_signer(settings: Settings) -> Signer:
    return Signer("gateway", private_key(settings.data_dir, "gateway"))


def _say_where(settings: Settings) -> None:
    console.print(f"\n  The hub is open at [bold]{settings.address}[/bold]")
    if settings.development:
        console.print(f"  Mails it sends:    {settings.address}/dev/mailbox")
    console.print("  Fill it with a demonstration: hub demo      Stop: Ctrl-C\n")


def _known(name: str) -> str:
    if name not in SERVICES:
        raise typer.BadParameter(f"{name} is not a service; there are {', '.join(SERVICES)}")
    return name


def _needs_kafka(settings: Settings) -> None:
    if not settings.kafka:
        raise typer.BadParameter(
            "parts of the hub in processes of their own speak over Kafka: set HUB_KAFKA, "
            "or use 'hub run' for everything in one process"
        )


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    yield
