"""Many people at once for few seats: nobody too many, and the line in the order of commit."""

import asyncio

from tests.benchmarks.seats import check
from tests.harness import ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar

CLIENTS = 64
REQUESTS = 384
SEATS = 20


def test_64_clients_fill_20_seats_exactly_and_wait_in_order_of_commit(
    scheduling: ServiceUnderTest,
) -> None:
    seminar = a_seminar(scheduling, capacity=SEATS)

    async def client() -> list[tuple[int, str, int | None]]:
        answers = []
        for _ in range(REQUESTS // CLIENTS):
            answer = await scheduling.call_async(
                "POST", "/registrations", as_=a_member(), json={"gathering_id": seminar["id"]}
            )
            read = answer.json()
            answers.append((answer.status_code, read["status"], read["position"]))
        return answers

    async def all_clients() -> list[list[tuple[int, str, int | None]]]:
        return list(await asyncio.gather(*(client() for _ in range(CLIENTS))))

    by_client = scheduling.run(all_clients())
    outcomes = [outcome for answers in by_client for outcome in answers]
    assert {status for status, _, _ in outcomes} == {201}
    seated = [(201, "confirmed", None)] * SEATS
    assert [outcome for outcome in outcomes if outcome[1] == "confirmed"] == seated
    places = [place for _, _, place in outcomes if place]
    assert sorted(places) == list(range(1, REQUESTS - SEATS + 1))
    # Who asks again after an answer stands behind that answer.
    for answers in by_client:
        own = [place for _, _, place in answers if place]
        assert own == sorted(own)
    check(scheduling.service.database, seminar["id"], requests=REQUESTS, seats=SEATS)
