"""Whether the voices that were heard carry a move."""

from __future__ import annotations

from shifan.proceedings.models import Party, Step, Voice
from shifan.proceedings.rooms import File
from shifan.process.voices import Count, count
from shifan.rulebook.procedures import ByCapacity, Move, ToVote


def since(file: File) -> Step:
    """The step by which the proceeding came to where it is."""
    return file.proceeding.steps.order_by("-at", "-pk")[:1].get()


def voices_of(file: File) -> list[Voice]:
    """What the parties said at the present stage."""
    return list(
        Voice.objects.filter(proceeding=file.proceeding, since=since(file)).select_related("party")
    )


def tally(file: File, move: Move) -> Count:
    """How the voices stand for a move of a capacity."""
    assert isinstance(move.by, ByCapacity)
    heard = {str(voice.party_id): voice.choice for voice in voices_of(file)}
    entitled = frozenset(str(each.pk) for each in speaking(file, move.by.capacity))
    voices = move.by.voices
    chair = None
    if isinstance(voices, ToVote) and voices.vote.chair:
        chair = next((heard.get(str(p.pk)) for p in speaking(file, voices.vote.chair)), None)
    return count(voices, move.id, heard, entitled, chair)


def speaking(file: File, capacity: str) -> list[Party]:
    """The parties that have a voice in the capacity now."""
    return [party for party in file.proceeding.present if party.capacity == capacity]


def carried(file: File, move: Move, over: bool) -> bool:
    """Whether the move is carried: as soon as it is so for a vote that all took part in, or that is
    ``over``; for all else at once."""
    assert isinstance(move.by, ByCapacity)
    found = tally(file, move)
    if isinstance(move.by.voices, ToVote) and not over and not found.settled:
        return False
    return found.carried
