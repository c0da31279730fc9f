import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.audience import may_see
from services.kit.errors import Invalid
from services.kit.identity import Identity
from services.membership.accounts.rules import kept
from services.membership.contacts.rules import (
    CONSENTS,
    ROLES,
    audience_of,
    consent_changes,
    member_consents,
    member_roles,
)
from services.membership.joining.rules import link_for
from services.membership.organisations.rules import (
    MOST_WORDS,
    folded,
    name_key,
    search_words,
    slug_of,
)

TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200)
CONSENT_LISTS = st.lists(st.sampled_from(CONSENTS))


@given(TEXTS, TEXTS)
def test_name_key_holds_whatever_was_typed(name: str, other: str) -> None:
    key = name_key(name)
    assert len(key) <= 200
    assert key or not name.strip()
    assert name_key(key) == key
    assert name_key(f"  {name}\t") == key
    assert name_key(unicodedata.normalize("NFD", name)) == key


@pytest.mark.parametrize(
    "same", ["ghent university", "GHENT  UNIVERSITY", "Ghent-University.", "“Ghent University”"]
)
def test_name_key_ignores_case_spacing_and_punctuation(same: str) -> None:
    assert name_key(same) == name_key("Ghent University")


@pytest.mark.parametrize("other", ["Gent University", "Ghent University 2", "GhentUniversity"])
def test_name_key_tells_names_apart(other: str) -> None:
    assert name_key(other) != name_key("Ghent University")


@pytest.mark.parametrize(("one", "other"), [("C++", "C"), ("★", "☆"), ("!!", "??")])
def test_name_key_of_signs_alone_keeps_them(one: str, other: str) -> None:
    assert name_key(one) == "c" or name_key(one) != name_key(other)


@given(TEXTS, st.uuids())
def test_slug_is_an_address(name: str, id: object) -> None:
    slug = slug_of(name, str(id))
    assert slug.isascii()
    assert len(slug) <= 90
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug[0] != "-"


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_search_finds_each_text_by_itself_in_any_case(texts: list[str]) -> None:
    words = folded(texts)
    for text in texts:
        for typed in (text, text.upper(), unicodedata.normalize("NFD", text)):
            found = search_words(typed)
            assert len(found) <= MOST_WORDS
            if text.isascii() or typed == text:
                assert all(word in words for word in found)


@given(
    st.sampled_from(["guest", "pending", "member"]),
    CONSENT_LISTS,
    st.sampled_from([(), ("member",), ("member", "admin")]),
)
def test_audience_shows_others_only_members_who_agreed(
    status: str, consents: list[str], roles: tuple[str, ...]
) -> None:
    audience = audience_of(id="anna", status=status, consents=consents)

    agreed = status == "member" and "directory" in consents
    assert may_see(audience, Identity("bert", roles).grants) == (agreed and "member" in roles)
    assert may_see(audience, Identity("anna", ("member",)).grants)
    assert not may_see(audience, Identity().grants)


@given(st.lists(st.sampled_from(ROLES)))
def test_roles_are_each_once_in_order_with_member(roles: list[str]) -> None:
    assert member_roles(roles) == [role for role in ROLES if role in {*roles, "member"}]


@given(CONSENT_LISTS)
def test_consents_need_the_terms(consents: list[str]) -> None:
    if "terms" in consents:
        assert set(member_consents(consents)) == set(consents)
        assert len(member_consents(consents)) == len(set(consents))
    else:
        with pytest.raises(Invalid) as refused:
            member_consents(consents)
        assert refused.value.field == "consents"


@given(CONSENT_LISTS, CONSENT_LISTS)
def test_consent_changes_lead_from_before_to_after(before: list[str], after: list[str]) -> None:
    held = set(before)
    for purpose, is_given in consent_changes(before, after):
        assert (purpose in held) != is_given
        held = held | {purpose} if is_given else held - {purpose}
    assert held == set(after)


def test_secret_is_kept_as_its_sha256() -> None:
    # FIPS 180-2, appendix B.1
    assert kept("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("status", "kind"), [("guest", "confirm"), ("pending", "confirm"), ("member", "sign-in")]
)
def test_link_after_a_join_is_to_confirm_unless_a_member(status: str, kind: str) -> None:
    assert link_for(status) == kind
