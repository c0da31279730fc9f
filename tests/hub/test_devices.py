"""What people call their browser, from what it says of itself."""

import pytest

from hub.devices import device_of, device_words

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox on Windows"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0",
         "Edge on Windows"),
        (f"{MOZILLA} (X11; Linux x86_64) {WEBKIT} Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        (f"{MOZILLA} (X11; CrOS x86_64 14541) {WEBKIT} Chrome/140.0 Safari/537.36",
         "Chrome on ChromeOS"),
        (f"{MOZILLA} (Linux; Android 14; K) {WEBKIT} SamsungBrowser/26.0 Chrome/122 Mobile Safari",
         "Samsung Internet on Android"),
        (f"{MOZILLA} (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
         "Firefox on Android"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18.1 Safari/605",
         "Safari on macOS"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604",
         "Safari on iPhone"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 18_1 like Mac OS X) CriOS/140.0 Mobile Safari/604",
         "Chrome on iPhone"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Chrome/140 Safari/537 OPR/120",
         "Opera on macOS"),
        ("curl/8.5 (Linux)", "Linux"),
        ("Firefox/140.0", "Firefox"),
        ("", "A browser that does not say what it is"),
        ("<script>" + "x" * 100_000, "A browser that does not say what it is"),
        ("x" * 400 + " Firefox/140.0", "A browser that does not say what it is"),
    ],
)  # fmt: skip
def test_device_is_called_as_people_call_it(said: str, words: str) -> None:
    assert device_words(*device_of(said)) == words
