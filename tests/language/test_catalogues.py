"""Every message is found, and every language has all of them, whole and in shape."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

from services.kit.language import LANGUAGES
from tests.language.messages import stored, template, translated

WANTED = template()
TRANSLATED = tuple(translated())
_PERCENT = re.compile(r"%\((\w+)\)s")
_MARKUP = re.compile(r"[<>&]")


def texts(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one for each plural form."""
    text = message.string
    return tuple(text) if isinstance(text, (tuple, list)) else (text or "",)


def sources(message: Message) -> tuple[str, ...]:
    """The message as the code has it: one, or singular and plural."""
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


def places(text: str, *, braces: bool) -> set[str]:
    """Names of what is put into a text."""
    if braces:
        return {name for _, name, _, _ in Formatter().parse(text) if name}
    return set(_PERCENT.findall(text))


def messages(found: Catalog) -> list[Message]:
    """All messages without the header."""
    return [message for message in found if message.id]


@pytest.fixture(params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    """The catalogue of one language."""
    return stored(request.param)


def test_every_language_but_the_source_has_a_catalogue() -> None:
    assert tuple(language for language in LANGUAGES if language != "en") == TRANSLATED


def test_catalogue_has_every_message_of_the_code_and_no_other(catalogue: Catalog) -> None:
    have = {sources(message) for message in messages(catalogue)}
    want = {sources(message) for message in messages(WANTED)}
    assert (want - have, have - want) == (set(), set()), "run make messages and translate"
    assert not catalogue.obsolete


def test_catalogue_is_translated_whole_and_nothing_is_a_guess(catalogue: Catalog) -> None:
    assert [m.id for m in messages(catalogue) if not all(texts(m))] == []
    assert [m.id for m in messages(catalogue) if m.fuzzy] == []
    for message in messages(catalogue):
        if message.pluralizable:
            assert len(texts(message)) == catalogue.num_plurals, message.id


def test_translations_put_the_same_things_in(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        braces = "%" not in sources(message)[-1]
        wanted = set().union(*(places(text, braces=braces) for text in sources(message)))
        for text in texts(message):
            # A form for one thing alone may leave its number out.
            missing = wanted - places(text, braces=braces)
            assert missing <= ({"n", "num"} if message.pluralizable else set()), message.id
            assert places(text, braces=braces) <= wanted, message.id
            assert text.count("%%") == sources(message)[-1].count("%%"), message.id
            # A single one breaks the page, in this language alone.
            assert "%" not in _PERCENT.sub("", text).replace("%%", ""), message.id


def test_translations_bring_no_markup_and_keep_the_ends(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        source = sources(message)[-1]
        for text in texts(message):
            assert not _MARKUP.search(text), message.id
            assert text == text.strip(), message.id
            assert source.endswith(".") == text.endswith("."), (message.id, text)
            assert "—" not in text, message.id


def test_messages_bring_no_markup() -> None:
    assert [m.id for m in messages(WANTED) if any(_MARKUP.search(s) for s in sources(m))] == []
