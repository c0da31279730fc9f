"""Keeps the catalogues in step with the code: `make messages`.

What is to be translated is found in the code and the templates; each catalogue gets the new
messages (empty) and loses those nobody uses. Nothing is guessed: a changed message is a new one.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from services.kit.language import CATALOGUES, LANGUAGES, SOURCE

ROOT = Path(__file__).parents[2]
METHODS = [
    # What only operators and developers read is English.
    ("hub/cli/**", "ignore"),
    ("templates/pages/design/**", "ignore"),
    ("hub/**.py", "python"),
    ("services/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.j2", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
ERRORS = (
    "BadForm", "Busy", "Conflict", "Forbidden", "Gone", "Invalid", "NotFound", "OpenedElsewhere",
    "ProofNeeded", "ProviderAway", "ProviderDoubted", "SignInNeeded",
    "TooLarge", "TooManyListeners", "WrongMethod",
)  # fmt: skip
"""Errors whose first argument is a message for people; it is translated where it is answered."""
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, **dict.fromkeys(ERRORS)}
WIDTH = 100


def template() -> Catalog:
    """Every message of the hub, with the files it stands in."""
    found = Catalog(charset="utf-8")
    for folder in ("hub", "services", "templates"):
        for name, _line, message, comments, context in extract_from_dir(
            ROOT / folder,
            method_map=[
                (pattern.removeprefix(f"{folder}/"), method)
                for pattern, method in METHODS
                if pattern.startswith(f"{folder}/")
            ],
            options_map={"**.html": {"silent": "false"}, "**.j2": {"silent": "false"}},
            keywords=KEYWORDS,
            comment_tags=("NOTE:",),
            strip_comment_tags=True,
        ):
            if message and message[0]:
                found.add(
                    message,
                    None,
                    [(f"{folder}/{name}", 0)],
                    auto_comments=comments,
                    context=context,
                )
    return found


def stored(language: str) -> Catalog:
    """The catalogue of a language as it lies in the repository."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def path_of(language: str) -> Path:
    """Where a language's catalogue lies."""
    return CATALOGUES / f"{language}.po"


def translated() -> Iterator[str]:
    """Languages that have a catalogue."""
    return (language for language in LANGUAGES if language != SOURCE)


def write(language: str, found: Catalog) -> None:
    """Write a catalogue in the form that changes least from one time to the next."""
    text = BytesIO()
    write_po(text, found, width=WIDTH, sort_output=True, include_lineno=False, omit_header=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {found.plural_forms}\\n"\n\n'
    )
    path_of(language).write_bytes(header.encode() + text.getvalue().rstrip() + b"\n")


def main() -> None:
    """Bring every catalogue up to date and say what is left to translate."""
    wanted = template()
    for language in translated():
        found = stored(language) if path_of(language).exists() else Catalog(locale=language)
        found.update(wanted, no_fuzzy_matching=True)
        found.obsolete.clear()
        write(language, found)
        left = sum(not _whole(message) for message in stored(language) if message.id)
        print(f"{language}: {len(found)} messages, {left} to translate")


def _whole(message: Message) -> bool:
    text = message.string
    return all(text) if isinstance(text, (tuple, list)) else bool(text)


if __name__ == "__main__":
    main()
