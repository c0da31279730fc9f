"""Takes the made-up community away again, with all that it did in every service."""

from typing import Any

from hub.clients import HUB, Client, Clients


async def remove(clients: Clients) -> dict[str, int]:
    """How many things of each kind are gone now; what is real stays.

    Its people go last: were this stopped half-way, the rest would be found by them.
    """
    people = await clients.membership.get(dict[str, list[str]], "/made-up", HUB)
    counts: dict[str, int] = {}
    for client in (clients.scheduling, clients.knowledge, clients.matchmaking, clients.calendar):
        counts |= await _removed(client, people)
    return counts | await _removed(clients.membership)


async def _removed(client: Client, order: Any = None) -> dict[str, int]:
    answer = await client.send(dict[str, dict[str, int]], "POST", "/made-up/remove", HUB, order)
    return answer["counts"]
