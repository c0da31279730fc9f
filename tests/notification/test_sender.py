"""From queue to mail server: in order, with what can go wrong on the way."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parseaddr
from html import escape

import pytest
from sqlalchemy import text

from events.catalogue.knowledge import PostPublished, PostState
from events.catalogue.membership import CommunityState, ContactState, MemberRegistered
from events.catalogue.scheduling import RegistrationConfirmed
from events.envelope import new_id
from services.kit.db import Database
from services.notification.messages.models import Message
from services.notification.personal.service import forget
from services.notification.sender import Sender
from services.notification.smtp import Unreachable
from tests.notification.conftest import MakeWorld
from tests.notification.world import World, gathering, person, registration
from tests.real.smtp import Drop, SmtpServer

ANNA = person("Anna Citizen")


def url_of(server: SmtpServer) -> str:
    return f"smtp://{server.host}:{server.port}"


def post_of(author: ContactState, title: str = "A post") -> tuple[PostState, PostPublished]:
    post = PostState(
        id=new_id(),
        version=1,
        audience="public",
        slug="a-post-abc123",
        kind="article",
        status="published",
        title=title,
        author_id=author.id,
    )
    return post, PostPublished(post_id=post.id, author_id=author.id)


def community(name: str, *, version: int = 1) -> CommunityState:
    return CommunityState(
        id="community", version=version, audience="public", name=name, languages=("en",)
    )


def mail_of(world: World) -> Message:
    (message,) = (m for m in world.ledger() if m.channel == "mail")
    return message


@contextmanager
def running(*senders: Sender) -> Iterator[None]:
    """Senders at work in threads of their own."""
    stop = threading.Event()
    threads = [threading.Thread(target=sender.run, args=(stop,)) for sender in senders]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for sender, thread in zip(senders, threads, strict=True):
            sender.wake()
            thread.join(10)


def test_mail_has_both_parts_and_names_its_message(
    make_world: MakeWorld, smtp_server: SmtpServer
) -> None:
    world = make_world(smtp_url=url_of(smtp_server))
    world.say(ANNA, *post_of(ANNA, "Größe & <b>Gewicht</b>"))
    world.hear()
    world.send()
    (delivery,) = smtp_server.deliveries
    mail = delivery.message
    assert (delivery.sender, delivery.recipients) == ("hub@hub.example", ("anna@example.org",))
    assert mail["From"] == "The hub <hub@hub.example>"
    assert mail["To"] == "Anna Citizen <anna@example.org>"
    assert mail["Subject"] == "Published: Größe & <b>Gewicht</b>"
    assert mail["Message-ID"] == f"<{mail_of(world).id}@hub.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"]
    assert mail.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert "What: Größe & <b>Gewicht</b>\n" in text
    assert "Größe &amp; &lt;b&gt;Gewicht&lt;/b&gt;" in html
    assert "<b>" not in html
    assert 'href="https://hub.example/posts/a-post-abc123"' in html
    assert world.mails() == []


def test_mail_comes_from_the_community_by_its_name(
    make_world: MakeWorld, smtp_server: SmtpServer
) -> None:
    world = make_world(smtp_url=url_of(smtp_server))
    names = ("Région <Nord>\r\nBcc: eve@example.org", "Hub of the South")
    for version, name in enumerate(names, 1):
        world.say(community(name, version=version), ANNA, *post_of(ANNA, name))
        world.hear()
        world.send()
    world.hear()
    shown = ["Région <Nord> Bcc: eve@example.org", "Hub of the South"]
    for delivery, name in zip(smtp_server.deliveries, shown, strict=True):
        mail = delivery.message
        address = mail["From"].addresses[0]
        assert (address.display_name, address.addr_spec) == (name, "hub@hub.example")
        assert delivery.recipients == ("anna@example.org",)
        text, html = (part.get_content() for part in mail.iter_parts())
        assert text.endswith(f"-- \n{name}\nhttps://hub.example\n")
        assert escape(name) in html


@pytest.mark.parametrize("bad", ["Title\r\nBcc: eve@example.org", "Title\x00\x85\u2028x"])
def test_line_breaks_in_titles_and_names_add_no_header(
    make_world: MakeWorld, smtp_server: SmtpServer, bad: str
) -> None:
    world = make_world(smtp_url=url_of(smtp_server))
    world.say(ANNA.model_copy(update={"name": bad}), *post_of(ANNA, bad))
    world.hear()
    world.send()
    (delivery,) = smtp_server.deliveries
    assert delivery.recipients == ("anna@example.org",)
    assert set(delivery.message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    assert parseaddr(delivery.message["To"])[1] == "anna@example.org"


@pytest.mark.parametrize("address", ["anna@example.org\r\nRCPT TO:<eve@example.org>", "no", ""])
def test_bad_address_fails_alone(
    make_world: MakeWorld, smtp_server: SmtpServer, address: str
) -> None:
    world = make_world(smtp_url=url_of(smtp_server))
    world.say(person("Bert").model_copy(update={"id": (bad := new_id()), "email": address}))
    world.say(ANNA, *post_of(person("Bert", id=bad)), *post_of(ANNA))
    world.hear()
    world.send()
    assert [delivery.recipients for delivery in smtp_server.deliveries] == [("anna@example.org",)]
    assert sorted(m.status for m in world.ledger() if m.channel == "mail") == ["failed", "sent"]


def test_4xx_is_tried_again_until_it_is_taken(
    make_world: MakeWorld, smtp_server: SmtpServer
) -> None:
    world = make_world(smtp_url=url_of(smtp_server))
    smtp_server.failures["anna@example.org"] = "451 4.7.1 Greylisted, anna@example.org"
    world.say(ANNA, *post_of(ANNA))
    world.hear()
    world.send()
    message = mail_of(world)
    assert (message.status, message.attempts) == ("queued", 1)
    assert message.due_at > message.happened_at
    assert message.reason == "451 4.7.1 Greylisted, (address)"
    smtp_server.clear()
    world.send()
    assert smtp_server.messages == []
    world.due_now()
    world.send()
    assert len(smtp_server.messages) == 1
    assert (mail_of(world).status, mail_of(world).reason) == ("sent", "")


def test_5xx_is_kept_as_failed_with_its_reason(
    make_world: MakeWorld, smtp_server: SmtpServer
) -> None:
    world = make_world(smtp_url=url_of(smtp_server))
    smtp_server.failures["anna@example.org"] = "550 5.1.1 <anna@example.org> unknown"
    world.say(ANNA, *post_of(ANNA))
    world.hear()
    world.send()
    smtp_server.clear()
    world.due_now()
    world.send()
    assert smtp_server.messages == []
    assert (mail_of(world).status, mail_of(world).reason) == (
        "failed",
        "550 5.1.1 <(address)> unknown",
    )
    world.bury(ANNA)
    world.hear()
    assert mail_of(world).reason == ""


@pytest.mark.parametrize("drop", list(Drop))
def test_cut_line_makes_no_mail_lost_and_a_repeated_one_bears_the_same_id(
    make_world: MakeWorld, smtp_server: SmtpServer, drop: Drop
) -> None:
    world = make_world(smtp_url=url_of(smtp_server))
    smtp_server.failures["anna@example.org"] = drop
    bert = person("Bert Company")
    world.say(ANNA, bert, *post_of(ANNA))
    world.say(*post_of(bert))
    world.hear()
    for _ in range(2):
        world.send()
        world.due_now()
        smtp_server.failures.clear()
    times = Counter(str(mail["Message-ID"]) for mail in smtp_server.messages)
    ids = {m.id: m.contact_id for m in world.ledger() if m.channel == "mail"}
    again = 2 if drop is Drop.BEFORE_ANSWER else 1
    assert times == Counter(
        {f"<{id}@hub.example>": again if who == ANNA.id else 1 for id, who in ids.items()}
    )
    assert {m.status for m in world.ledger()} == {"sent"}


def test_server_that_is_away_is_waited_for_and_costs_no_mail_a_try(
    make_world: MakeWorld, smtp_server: SmtpServer
) -> None:
    world = make_world(smtp_url=url_of(smtp_server))
    smtp_server.stop()
    for number in range(30):
        world.say(ANNA, *post_of(ANNA, f"Post {number}"))
    world.hear()
    with pytest.raises(Unreachable):
        world.sender.step()
    with running(world.sender):
        time.sleep(0.5)
        smtp_server.start()
        messages = smtp_server.wait_for(30)
    assert [mail["Subject"] for mail in messages] == [f"Published: Post {n}" for n in range(30)]
    assert {(m.status, m.attempts) for m in world.ledger()} == {("sent", 0)}


def test_without_mail_server_production_keeps_mail_in_the_queue(make_world: MakeWorld) -> None:
    world = make_world(development=False)
    world.say(ANNA, *post_of(ANNA))
    world.hear()
    with pytest.raises(Unreachable):
        world.send()
    assert mail_of(world).status == "queued"


def test_running_sender_is_woken_by_new_mail(make_world: MakeWorld) -> None:
    world = make_world()
    with running(world.sender):
        time.sleep(0.1)
        world.say(ANNA, *post_of(ANNA))
        world.hear()
        began = time.monotonic()
        world.service.after_batch["notification.send"]()
        world.sender.wake()
        while mail_of(world).status != "sent" and time.monotonic() - began < 5:
            time.sleep(0.01)
    assert mail_of(world).status == "sent"


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (410, "dropped", "its link was used, is over or does not exist"),
        (404, "dropped", "its link was used, is over or does not exist"),
        (500, "queued", "membership answered 500"),
        (401, "queued", "membership answered 401"),
    ],
)
def test_link_that_cannot_be_minted(
    make_world: MakeWorld, answer: int, status: str, reason: str
) -> None:
    world = make_world()
    world.owners.status = answer
    world.say(
        ANNA,
        MemberRegistered(
            contact_id=ANNA.id, link_id=new_id(), helix_side="citizen", region_code="BE10"
        ),
    )
    world.hear()
    world.send()
    assert (mail_of(world).status, mail_of(world).reason) == (status, reason)
    world.owners.status = 200
    world.due_now()
    world.send()
    assert len(world.mails()) == (status == "queued")


def test_kill_between_answer_and_commit_repeats_the_mail_with_the_same_id(
    make_world: MakeWorld, smtp_server: SmtpServer
) -> None:
    world = make_world(smtp_url=url_of(smtp_server))
    event = gathering(ANNA)
    seat = registration(event, ANNA)
    world.say(
        ANNA,
        event,
        seat,
        RegistrationConfirmed(registration_id=seat.id, gathering_id=event.id, contact_id=ANNA.id),
    )
    world.say(*post_of(ANNA))
    world.hear()
    environment = {
        **os.environ,
        "HUB_DATA_DIR": str(world.settings.data_dir),
        "HUB_SMTP_URL": url_of(smtp_server),
        "HUB_PUBLIC_URL": world.settings.address,
        "HUB_MAIL_FROM": world.settings.mail_from,
        "HUB_FAULT_SEAM": "sender.sent:2",
    }
    killed = subprocess.run(
        [sys.executable, "-m", "tests.notification.one_sender"], env=environment, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(smtp_server.messages) == 2
    world.send()  # Not at the end of the lease, but at once: the dead one's seat is free.
    ids = [str(mail["Message-ID"]) for mail in smtp_server.messages]
    assert len(ids) == 3
    assert ids[1] == ids[2]
    assert ids[0] != ids[1]
    assert {m.status for m in world.ledger()} == {"sent"}


def test_several_senders_send_each_mail_once(
    make_world: MakeWorld, smtp_server: SmtpServer, postgres_url: str
) -> None:
    world = make_world(database_url=postgres_url, smtp_url=url_of(smtp_server))
    for number in range(120):
        world.say(ANNA, *post_of(ANNA, f"Post {number}"))
    world.hear()
    senders = [Sender(world.service.database, world.settings, world.peers) for _ in range(4)]
    with running(*senders):
        smtp_server.wait_for(120, timeout=60)
        time.sleep(0.5)
    times = Counter(str(mail["Message-ID"]) for mail in smtp_server.messages)
    assert (len(times), set(times.values())) == (120, {1})


@pytest.mark.parametrize("url", ["smtp://user:word@{}", "smtp://{}?tls=required", "smtps://{}"])
def test_without_tls_where_it_is_needed_nothing_is_said(
    make_world: MakeWorld, smtp_server: SmtpServer, url: str
) -> None:
    world = make_world(smtp_url=url.format(f"{smtp_server.host}:{smtp_server.port}"))
    world.say(ANNA, *post_of(ANNA))
    world.hear()
    with pytest.raises(Unreachable):
        world.send()
    assert (smtp_server.messages, mail_of(world).status) == ([], "queued")


@pytest.mark.parametrize("how", ["erased", "gone"])
def test_mail_written_down_while_its_person_is_forgotten_is_not_kept(
    make_world: MakeWorld, postgres_url: str, how: str
) -> None:
    world = make_world(database_url=postgres_url)
    world.say(ANNA, *post_of(ANNA))
    world.hear()
    database = world.service.database
    with database.unit_of_work() as session:
        session.connection().execute(text(_SLOW_TO_KEEP))
    sending = threading.Thread(target=world.send)
    sending.start()
    while not _is_keeping(database):
        time.sleep(0.01)
    if how == "gone":
        world.bury(ANNA)
        world.hear()
    else:
        with database.unit_of_work() as session:
            forget(session, ANNA.id, datetime.now(UTC))
    sending.join()
    assert world.mails() == []


_SLOW_TO_KEEP = """
create function slow_to_keep() returns trigger language plpgsql as
$$ begin perform pg_sleep(0.7); return new; end $$;
create trigger slow_to_keep after insert on mails for each row execute function slow_to_keep();
"""


def _is_keeping(database: Database) -> bool:
    query = "select count(*) from pg_stat_activity where datname = current_database() \
    and query ilike 'insert into mails%' and state = 'active'"
    with database.reader() as session:
        return bool(session.connection().execute(text(query)).scalar())
