"""Posts: what members share."""

from typing import Any

from fastapi import APIRouter, Request, Response

from hub.choices import Choice, choices
from hub.clients import Clients, PostRead
from hub.forms import Form, Posted
from hub.lists import SHOWN, PageNumber, Words, filters, paged, skipped
from hub.pages.asking import ClientsOf, SlugPath
from hub.pages.cards import post_card
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn, Visitor, identity_of
from hub.views.flashes import FLASHES
from hub.views.posts import PostFormPage, PostPage, PostsPage
from hub.words import LANGUAGES, POST_KINDS
from services.kit.errors import HubError
from services.kit.forgetting import FORMER
from services.kit.language import _

FIELDS = (
    "kind", "title", "summary", "body", "topics", "language", "link", "deadline", "audience",
)  # fmt: skip
router = APIRouter()


@router.get("/posts")
async def posts(
    request: Request,
    clients: ClientsOf,
    person: Visitor,
    kind: Words = "",
    topic: Words = "",
    q: Words = "",
    number: PageNumber = 1,
) -> Response:
    """Posts, newest first."""
    who = identity_of(person)
    kind = kind if kind in POST_KINDS else ""
    found = await clients.knowledge.listing(
        who,
        kind=kind or None,
        topic=topic or None,
        q=q or None,
        limit=SHOWN + 1,
        offset=skipped(number),
    )
    shown, pager = paged(found.posts, number, "/posts", kind=kind, topic=topic, q=q)
    kinds = {"": _("All"), **POST_KINDS}
    counts = None if topic or q else found.counts
    view = PostsPage(
        posts=[post_card(post) for post in shown],
        filters=filters("/posts", "kind", kind, kinds, counts, topic=topic, q=q),
        pager=pager,
        kind=kind,
        topic=topic,
        query=q,
        may_write=person is not None,
    )
    return await page(request, view)


@router.get("/posts/new")
async def new_post(request: Request, person: SignedIn) -> Response:
    """The form that publishes a post."""
    return await _form_page(request, Form({"language": [person.language]}))


@router.post("/posts/new")
async def publish_post(
    request: Request, clients: ClientsOf, person: SignedIn, form: Posted
) -> Response:
    """Publish a post."""
    form.only(*FIELDS)
    order: dict[str, Any] = form.order(*(name for name in FIELDS if name != "topics"))
    order["topics"] = form.words("topics")
    if not form.text("title").strip():
        return await _form_page(request, form.with_errors(title=_("Enter a title.")), status=422)
    try:
        post = await clients.knowledge.create(order, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        return await _form_page(request, form.failed(problem, FIELDS), status=422)
    return redirect(request, f"/posts/{post.slug}", FLASHES["post-published"])


@router.get("/posts/{slug}")
async def post(request: Request, clients: ClientsOf, person: Visitor, slug: SlugPath) -> Response:
    """One post."""
    found = await clients.knowledge.post(slug, identity_of(person))
    view = PostPage(
        card=post_card(found),
        body_html=found.body_html,
        author=await _author(clients, person, found),
        link=found.link or "",
        members_only=found.audience == "members",
    )
    return await page(request, view)


async def _author(clients: Clients, person: Person | None, post: PostRead) -> str:
    """The author's name as far as the reader may know it."""
    if person is None:
        return ""
    if person.contact_id == post.author_id:
        return person.name
    if post.author_id == FORMER:
        return _("A former member")
    names = await clients.membership.contacts([post.author_id], person.identity)
    return names[post.author_id].name if post.author_id in names else ""


def _audiences() -> list[Choice]:
    return [
        Choice("public", _("Anybody"), _("Also people without an account, and search engines.")),
        Choice("members", _("Members of this hub only")),
    ]


async def _form_page(request: Request, form: Form, *, status: int = 200) -> Response:
    view = PostFormPage(
        form=form,
        kinds=choices(POST_KINDS),
        languages=choices(LANGUAGES),
        audiences=_audiences(),
    )
    return await page(request, view, status=status)
