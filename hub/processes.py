"""The ways to run the hub: all in one process, or each part as its own."""

import asyncio
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import typer
from rich.console import Console
from starlette.types import ASGIApp

from events.catalogue import SERVICES
from events.relay import Relay
from hub import app as gateway
from hub.clients import Clients
from hub.compose import Runtime, create_services, open_log, serve
from hub.first_run import SetupCode
from hub.live import Live
from hub.settings import Settings
from services.kit.db import open_database
from services.kit.errors import HubError
from services.kit.identity import Signer, private_key

console = Console(stderr=True)
UNTIL_SET_UP_IS_KNOWN = (1.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between the questions whether the hub is set up, while membership does not answer."""


def run_everything(settings: Settings) -> None:
    """Every service, relay and the gateway in this process."""
    services = create_services(settings)
    stores = {name: made.database for name, made in services.items()}
    event_log = open_log(settings, stores, member=_member(settings))
    runtime = Runtime(services, event_log)
    apps = {name: made.app for name, made in services.items()}
    clients = Clients(settings, _gateway_signer(settings), apps)
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
            ready=lambda: _say_where(settings, apps),
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
        serve(app, settings, ready=lambda: _say_where(settings, {}), leaving=live.close)
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


def _say_where(settings: Settings, apps: Mapping[str, ASGIApp]) -> None:
    console.print(f"\n  The hub is open at [bold]{settings.address}[/bold]")
    if settings.development:
        console.print(f"  Mails it sends:    {settings.address}/dev/mailbox")
    console.print("  Fill it with a demonstration: hub demo      Stop: Ctrl-C\n")
    threading.Thread(target=_offer_set_up, args=(settings, apps), daemon=True).start()


def _offer_set_up(settings: Settings, apps: Mapping[str, ASGIApp]) -> None:
    """Print the link that makes a new hub somebody's; membership may still be starting."""

    async def needed() -> bool:
        clients = Clients(settings, _gateway_signer(settings), apps)
        try:
            return not (await clients.membership.community()).set_up
        finally:
            await clients.close()

    for pause in UNTIL_SET_UP_IS_KNOWN:
        try:
            if asyncio.run(needed()):
                link = f"{settings.address}/setup?code={SetupCode(settings.data_dir).made()}"
                console.print(f"  It is new. Set it up at [bold]{link}[/bold]\n", soft_wrap=True)
            return
        except HubError:
            time.sleep(pause)


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
