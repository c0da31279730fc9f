"""What a query's words find."""

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.posts.rules import MOST_WORDS, patterns, search_text

WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=12
).filter(lambda word: word.split() == [word])


def finds(query: str, text: str) -> bool:
    """Whether SQLite's LIKE says that every word of the query is in the text."""
    database = sqlite3.connect(":memory:")
    try:
        return all(
            database.execute("SELECT ? LIKE ? ESCAPE '\\'", (text, pattern)).fetchone()[0]
            for pattern in patterns(query)
        )
    finally:
        database.close()


@given(before=WORDS, word=WORDS, after=WORDS)
def test_patterns_find_a_word_wherever_it_stands(before: str, word: str, after: str) -> None:
    assert finds(word, search_text(title=before + word + after, summary="", topics=[]))
    assert finds(word, search_text(title=before, summary=word, topics=[after]))
    assert finds(word, search_text(title=before, summary="", topics=[after, word]))


@given(word=WORDS, text=st.text(alphabet="abc%_\\ ", max_size=20))
def test_patterns_find_only_what_is_there(word: str, text: str) -> None:
    assert finds(word, text) == (word.lower() in text)


def test_patterns_look_at_the_first_words_only() -> None:
    assert patterns("Ab " * 50) == ["%ab%"] * MOST_WORDS
