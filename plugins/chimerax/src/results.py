"""Which maps belong together: a map, its original, its confidence, its context. Kept with sessions."""

from __future__ import annotations

from dataclasses import dataclass, field

from chimerax.core.state import StateManager

VERSION = 1
TAG = "locscale results"


@dataclass
class Linked:
    """The maps of one target. Those that were closed count as not there."""

    volume: object
    original: object = None
    confidence: object = None
    context: object = None
    about: dict = field(default_factory=dict)
    """How the result was made: recipe, parameters, job, network."""
    coloured: bool = False

    def part(self, name: str):
        """`original`, `confidence` or `context`, when it is still open."""
        model = getattr(self, name)
        return None if model is None or model.deleted or model.id is None else model


class Results(StateManager):
    """The links of a session; results of jobs add to them, sessions save and restore them."""

    def __init__(self, session):
        self._links: list[Linked] = []
        session.add_state_manager(TAG, self)

    def of(self, volume) -> Linked | None:
        """The link in which a map is the target, or one of the parts."""
        self._tidy()
        parts = ("volume", "original", "confidence", "context")
        return next((link for part in parts for link in self._links if getattr(link, part) is volume), None)

    def target(self, volume) -> Linked:
        """The link of a target map, made when there is none."""
        link = next((link for link in self._links if link.volume is volume), None)
        if link is None:
            link = Linked(volume)
            self._links.append(link)
        return link

    def drop(self, link: Linked) -> None:
        self._links = [other for other in self._links if other is not link]

    def all(self) -> list[Linked]:
        self._tidy()
        return list(self._links)

    def _tidy(self) -> None:
        self._links = [link for link in self._links if not link.volume.deleted]

    def take_snapshot(self, session, flags):
        links = [
            {
                "volume": link.volume,
                **{name: link.part(name) for name in ("original", "confidence", "context")},
                "about": link.about,
                "coloured": link.coloured,
            }
            for link in self.all()
        ]
        return {"version": VERSION, "links": links}

    @classmethod
    def restore_snapshot(cls, session, data):
        results = results_of(session)
        names = ("original", "confidence", "context", "about", "coloured")
        results._links = [
            Linked(entry["volume"], *(entry[name] for name in names))
            for entry in data["links"]
            if entry["volume"] is not None
        ]
        return results

    def reset_state(self, session):
        self._links = []


def results_of(session) -> Results:
    """The one of this session."""
    try:
        return session.get_state_manager(TAG)
    except KeyError:
        return Results(session)
