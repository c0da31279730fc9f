"""The list of pages against the gateway's own table of routes."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from hub import app as gateway
from hub.clients import Clients
from hub.settings import Settings
from services.kit.identity import Signer, private_key
from tests.browser.pages import NO_PAGES, PAGES


def routes(app: FastAPI, method: str) -> set[str]:
    """Addresses that answer a method, as their routes are written."""
    return {
        str(route.path)
        for route in iter_route_contexts(app.router.routes)
        if method in (route.methods or ())
    }


def the_gateway(folder: Path) -> FastAPI:
    """The gateway as it is run in development, without services behind it."""
    settings = Settings(data_dir=folder)
    signer = Signer("gateway", private_key(folder, "gateway"))
    return gateway.create(settings, Clients(settings, signer, {}))


def test_list_has_every_page_of_the_gateway(tmp_path: Path) -> None:
    pages = routes(the_gateway(tmp_path), "GET") - set(NO_PAGES)
    listed = {page.route for page in PAGES if page.sends is None}
    assert listed == pages, f"not listed: {pages - listed}; no such page: {listed - pages}"


def test_list_sends_only_forms_that_the_gateway_takes(tmp_path: Path) -> None:
    sent = {page.route for page in PAGES if page.sends is not None}
    assert sent <= routes(the_gateway(tmp_path), "POST")


def test_list_of_what_is_no_page_has_nothing_that_is_gone(tmp_path: Path) -> None:
    assert set(NO_PAGES) <= routes(the_gateway(tmp_path), "GET")


def test_list_has_each_name_once() -> None:
    names = [page.name for page in PAGES]
    assert sorted(set(names)) == sorted(names)
