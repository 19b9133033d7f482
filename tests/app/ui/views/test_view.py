"""What a view is given: whoever is signed in at that moment, and turns that their own visitor alone can stop."""

from __future__ import annotations

from assistant.app.ui.views.view import Stops


def test_a_visitor_stops_what_is_theirs_and_nothing_else() -> None:
    stops = Stops()
    mine, again, other = stops.begin("a"), stops.begin("a"), stops.begin("b")
    stops.stop("a")
    assert mine.is_set()
    assert again.is_set()
    assert not other.is_set()
    stops.end("a", mine)
    stops.end("a", again)
    stops.end("a", again)
    assert list(stops.running) == ["b"]
    assert not stops.begin("a").is_set()
    stops.stop("nobody")
