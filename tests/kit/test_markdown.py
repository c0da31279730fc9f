"""Markdown that strangers wrote, safe and in its place on a page."""

from services.kit.markdown import render


def test_headings_begin_below_the_pages_title() -> None:
    assert render("# One\n\n###### Six") == "<h2>One</h2>\n<h6>Six</h6>\n"


def test_nothing_runs_and_nothing_loads() -> None:
    html = render(
        "<script>alert(1)</script> ![x](https://tracker.example/p.png) "
        "[a](javascript:alert(1)) [b](https://example.org)"
    )
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html.replace("[a](javascript:alert(1))", "")
    assert '<a href="https://example.org" rel="noopener nofollow ugc">b</a>' in html
