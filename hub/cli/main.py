"""`hub`: run the hub, or one part of it, and look after it."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from hub.cli import demo, events, gdpr, imports
from hub.settings import Settings

app = typer.Typer(
    help="The hub: members, events, knowledge and matchmaking for a community of regions.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
app.add_typer(events.app, name="events")
app.add_typer(gdpr.app, name="gdpr")
app.add_typer(imports.app, name="import")
app.command("demo")(demo.demo)
app.command("replay")(events.replay_projection)

admin = typer.Typer(help="Look after accounts.", no_args_is_help=True)
app.add_typer(admin, name="admin")

ServiceName = Annotated[str, typer.Argument(help="membership, scheduling, knowledge, ...")]
console = Console(stderr=True)


@app.command()
def run() -> None:
    """Run everything in one process (SQLite and embedded log unless configured otherwise)."""
    from hub.processes import run_everything

    run_everything(_settings())


@app.command()
def service(name: ServiceName) -> None:
    """Run one service: its API, consumers, timers and workers. Needs Kafka."""
    from hub.processes import run_service

    run_service(_settings(), name)


@app.command()
def relay(name: ServiceName) -> None:
    """Run the relay of one service, from its outbox to Kafka."""
    from hub.processes import run_relay

    run_relay(_settings(), name)


@app.command()
def gateway() -> None:
    """Run the web gateway; HUB_SERVICE_URLS says where the services are."""
    from hub.processes import run_gateway

    run_gateway(_settings())


@app.command()
def cluster() -> None:
    """Run every service, relay and the gateway as its own process on this machine."""
    from hub.cli.cluster import run_cluster

    run_cluster(_settings())


@app.command()
def migrate() -> None:
    """Bring every service's database to the newest version."""
    from hub.compose import create_services

    for name, made in create_services(_settings()).items():
        console.print(f"{name}: up to date")
        made.database.close()


@admin.command("create")
def create_admin(
    email: str, name: Annotated[str, typer.Option(help="Shown to members.")] = "Administrator"
) -> None:
    """Make an administrator, or make an existing member one. They sign in by mail."""
    from hub.clients import HUB, ContactRef
    from hub.processes import offline_clients

    async def make() -> None:
        async with offline_clients(_settings()) as clients:
            body = {"email": email, "name": name}
            await clients.membership.send(ContactRef, "POST", "/admins", HUB, body)

    asyncio.run(make())
    console.print(
        f"{email} is an administrator now and can sign in at {_settings().address}/sign-in"
    )


def _settings() -> Settings:
    from services.kit.logging import configure

    configure()
    return Settings()
