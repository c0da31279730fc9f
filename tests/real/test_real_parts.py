"""Proves that the parts the other tests stand on do what those tests take for granted."""

from __future__ import annotations

import smtplib
import uuid
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import islice
from pathlib import Path

import psycopg
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from playwright.sync_api import Browser

from tests.real import icaljs
from tests.real.browser import screenshot_pages
from tests.real.kafka import KafkaBroker
from tests.real.postgres import PostgresServer
from tests.real.smtp import Drop, SmtpServer


@pytest.mark.usefixtures("real_kafka")
def test_broker_gives_back_what_was_produced(kafka_broker: KafkaBroker) -> None:
    topic = _topic(kafka_broker)
    sent = [f"record {number}".encode() for number in range(100)]
    _produce(kafka_broker, topic, sent)
    assert _consume(kafka_broker, topic, len(sent)) == sent


def test_broker_keeps_an_acknowledged_record_over_a_kill(own_kafka_broker: KafkaBroker) -> None:
    topic = _topic(own_kafka_broker)
    _produce(own_kafka_broker, topic, [b"before the kill"])
    own_kafka_broker.kill()
    own_kafka_broker.start()
    _produce(own_kafka_broker, topic, [b"after the kill"])
    assert _consume(own_kafka_broker, topic, 2) == [b"before the kill", b"after the kill"]


def test_broker_keeps_its_address_over_a_stop(own_kafka_broker: KafkaBroker) -> None:
    address = own_kafka_broker.bootstrap
    topic = _topic(own_kafka_broker)
    _produce(own_kafka_broker, topic, [b"kept"])
    own_kafka_broker.stop()
    own_kafka_broker.start()
    assert own_kafka_broker.bootstrap == address
    assert _consume(own_kafka_broker, topic, 1) == [b"kept"]


@pytest.mark.usefixtures("real_kafka")
def test_broker_compacts_within_seconds(kafka_broker: KafkaBroker) -> None:
    topic = _topic(
        kafka_broker,
        {"cleanup.policy": "compact", "segment.ms": "200", "max.compaction.lag.ms": "200"},
    )
    _produce(kafka_broker, topic, [b"first", b"second", b"third"], key=b"one")
    remaining = [b"first"]
    for _ in range(40):
        # An active segment is never compacted: later records of another key roll it.
        _produce(kafka_broker, topic, [b"other"], key=b"two")
        remaining = [value for value in _read_all(kafka_broker, topic) if value != b"other"]
        if remaining == [b"third"]:
            break
    assert remaining == [b"third"]


def test_database_keeps_a_committed_row_over_a_kill(own_postgres_server: PostgresServer) -> None:
    url = _dsn(own_postgres_server.create_database("kept"))
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE facts (name text)")
        connection.execute("INSERT INTO facts VALUES ('committed')")
    own_postgres_server.kill()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    own_postgres_server.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT name FROM facts").fetchall() == [("committed",)]


def test_database_is_durable_and_takes_many_connections(postgres_url: str) -> None:
    with psycopg.connect(_dsn(postgres_url)) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()
            for name in ("fsync", "synchronous_commit", "max_connections", "server_encoding")
        }
    assert shown == {
        "fsync": ("on",),
        "synchronous_commit": ("on",),
        "max_connections": ("300",),
        "server_encoding": ("UTF8",),
    }


def test_mail_server_keeps_what_it_is_sent(smtp_server: SmtpServer) -> None:
    _send(smtp_server, "anna@example.org", subject="Größe and Σ")
    (message,) = smtp_server.wait_for(1)
    assert message["Subject"] == "Größe and Σ"
    assert message.get_content() == "A seat is free.\n"
    assert smtp_server.deliveries[0].recipients == ("anna@example.org",)


def test_mail_server_refuses_a_recipient_when_told_to(smtp_server: SmtpServer) -> None:
    smtp_server.failures["gone@example.org"] = "550 5.1.1 No such user"
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        _send(smtp_server, "gone@example.org")
    assert refused.value.recipients == {"gone@example.org": (550, b"5.1.1 No such user")}
    assert smtp_server.messages == []


def test_mail_server_keeps_a_mail_whose_sender_it_does_not_answer(smtp_server: SmtpServer) -> None:
    smtp_server.failures["anna@example.org"] = Drop.BEFORE_ANSWER
    with pytest.raises(smtplib.SMTPServerDisconnected):
        _send(smtp_server, "anna@example.org")
    assert len(smtp_server.messages) == 1


def test_mail_server_drops_the_line_after_its_answer(smtp_server: SmtpServer) -> None:
    smtp_server.failures["anna@example.org"] = Drop.AFTER_ANSWER
    with smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=10) as client:
        assert client.send_message(_mail("anna@example.org", "Seat")) == {}
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.noop()
    assert len(smtp_server.messages) == 1


def test_mail_server_is_away_between_stop_and_start(smtp_server: SmtpServer) -> None:
    smtp_server.stop()
    with pytest.raises(ConnectionRefusedError):
        _send(smtp_server, "anna@example.org")
    smtp_server.start()
    _send(smtp_server, "anna@example.org")
    assert len(smtp_server.wait_for(1)) == 1


def test_browser_renders_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.goto("data:text/html;charset=utf-8,<title>Hub</title><h1>Grüße</h1>")
    assert (page.title(), page.locator("h1").inner_text()) == ("Hub", "Grüße")
    page.close()


def test_browser_pictures_a_page_on_both_screens(browser: Browser, tmp_path: Path) -> None:
    pictures = screenshot_pages(browser, {"home": "data:text/html,<h1>Hub</h1>"}, tmp_path)
    assert [picture.name for picture in pictures] == ["home-desktop.png", "home-phone.png"]
    assert [_png_width(picture) for picture in pictures] == [1280, 390]


@pytest.mark.usefixtures("icaljs")
def test_icaljs_expands_a_series_over_a_daylight_saving_change() -> None:
    calendar = icaljs.parse(_series().encode())
    assert calendar.properties["prodid"] == "-//hub//test//EN"
    assert [(event.uid, event.sequence, event.status) for event in calendar.events] == [
        ("series@hub", 2, "CONFIRMED"),
        ("series@hub", 3, "CANCELLED"),
    ]
    assert calendar.events[1].occurrences == []
    assert [
        (occurrence.start, occurrence.end, occurrence.status)
        for occurrence in calendar.events[0].occurrences
    ] == [
        (_utc(2026, 10, 19, 8), _utc(2026, 10, 19, 9), "CONFIRMED"),
        (_utc(2026, 10, 26, 9), _utc(2026, 10, 26, 10), "CONFIRMED"),
        (_utc(2026, 11, 2, 10), _utc(2026, 11, 2, 11), "CANCELLED"),
    ]


@pytest.mark.usefixtures("icaljs")
def test_icaljs_refuses_a_zone_that_the_feed_does_not_define() -> None:
    undefined = _series().replace("TZID:Europe/Brussels", "TZID:Europe/Paris")
    with pytest.raises(icaljs.UnreadableCalendarError, match="a time without a zone"):
        icaljs.parse(undefined.encode())


@pytest.mark.usefixtures("icaljs")
@pytest.mark.parametrize("ics", [b"", b"\xff", b"BEGIN:VCALENDAR\r\nno colon\r\nEND:VCALENDAR\r\n"])
def test_icaljs_refuses_what_is_not_a_calendar(ics: bytes) -> None:
    with pytest.raises(icaljs.UnreadableCalendarError):
        icaljs.parse(ics)


def _topic(broker: KafkaBroker, configs: dict[str, str] | None = None) -> str:
    name = f"parts-{uuid.uuid4().hex}"
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    admin.create_topics(
        {name: {"num_partitions": 1, "replication_factor": 1, "configs": configs or {}}}
    )
    admin.close()
    return name


def _produce(
    broker: KafkaBroker, topic: str, values: list[bytes], *, key: bytes | None = None
) -> None:
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap, acks="all")
    sent = [producer.send(topic, key=key, value=value) for value in values]
    producer.flush()
    for future in sent:
        future.get(10)
    producer.close()


def _consume(broker: KafkaBroker, topic: str, count: int) -> list[bytes]:
    """Reads `count` records as a group, or as many as come in ten seconds."""
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=broker.bootstrap,
        group_id=f"group-{topic}",
        auto_offset_reset="earliest",
        consumer_timeout_ms=10_000,
    )
    values = [record.value for record in islice(consumer, count)]
    consumer.close()
    return values


def _read_all(broker: KafkaBroker, topic: str) -> list[bytes]:
    """Reads everything that is on the topic now, without a group."""
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=broker.bootstrap,
        auto_offset_reset="earliest",
        consumer_timeout_ms=300,
    )
    values = [record.value for record in consumer]
    consumer.close()
    return values


def _dsn(url: str) -> str:
    return url.replace("+psycopg", "")


def _mail(recipient: str, subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "hub@example.org"
    message["To"] = recipient
    message["Subject"] = subject
    message.set_content("A seat is free.")
    return message


def _send(server: SmtpServer, recipient: str, *, subject: str = "Seat") -> None:
    with smtplib.SMTP(server.host, server.port, timeout=10) as client:
        client.send_message(_mail(recipient, subject))


def _png_width(picture: Path) -> int:
    return int.from_bytes(picture.read_bytes()[16:20], "big")


def _utc(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def _series() -> str:
    """Three Mondays at 10:00 in Brussels, the second after summer time, the third cancelled."""
    return "\r\n".join(
        (
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//hub//test//EN",
            "BEGIN:VTIMEZONE",
            "TZID:Europe/Brussels",
            "BEGIN:DAYLIGHT",
            "DTSTART:20260329T020000",
            "TZNAME:CEST",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0200",
            "END:DAYLIGHT",
            "BEGIN:STANDARD",
            "DTSTART:20261025T030000",
            "TZNAME:CET",
            "TZOFFSETFROM:+0200",
            "TZOFFSETTO:+0100",
            "END:STANDARD",
            "END:VTIMEZONE",
            "BEGIN:VEVENT",
            "UID:series@hub",
            "DTSTAMP:20260901T000000Z",
            "SEQUENCE:2",
            "STATUS:CONFIRMED",
            "SUMMARY:Series",
            "DTSTART;TZID=Europe/Brussels:20261019T100000",
            "DTEND;TZID=Europe/Brussels:20261019T110000",
            "RRULE:FREQ=WEEKLY;COUNT=3",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:series@hub",
            "DTSTAMP:20260901T000000Z",
            "RECURRENCE-ID;TZID=Europe/Brussels:20261102T100000",
            "SEQUENCE:3",
            "STATUS:CANCELLED",
            "SUMMARY:Series",
            "DTSTART;TZID=Europe/Brussels:20261102T110000",
            "DTEND;TZID=Europe/Brussels:20261102T120000",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        )
    )
