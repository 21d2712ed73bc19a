"""English templates of contrastive examples: {w} decides the label, {l} does not.

Most are put together of two halves in either order, one that denies or ends something and one that states
something, so that a network learns what each half does to its words, and not whole sentences by heart. What
stands several times is drawn so much more often.
"""

from __future__ import annotations


def _listed(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(" ".join(pattern.split()) for pattern in text.split(","))


LOSING = _listed(
    """
    not {l}, no {l}, never {l}, no more {l}, no longer {l}, not {l} any more, without {l}, not a {l},
    i do not {l}, i don't {l}, i am not {l}, i'm not {l}, it was not {l}, it isn't {l}, he is not {l},
    she does not want {l}, we did not {l}, there was no {l}, there is no {l}, enough of {l}, forget {l},
    the {l} is over, the {l} is gone, done with {l}, stop {l}, stopped {l}, instead of {l}, rather than {l},
    anything but {l}, i used to {l}, used to be {l}, once {l}, yesterday {l}, last week {l}, {l} before,
    {l} at first, first {l}, i thought {l}, thought it was {l}, we expected {l}, they said {l}, it seemed {l},
    we wanted {l}, was {l}
    """
)
WINNING = _listed(
    """
    {w}, {w}, {w}, {w}, now {w}, but {w}, just {w}, only {w}, today {w}, i am {w}, i'm {w}, it is {w},
    it was {w}, she is {w}, he is {w}, we are {w} now, but now {w}, i want {w}, then {w}, this time {w},
    but it was {w}, we got {w}, start {w}, and {w}, so {w}, i {w}, we {w}, a {w}, my {w}, the {w},
    in the end {w}, but then {w}
    """
)
WHOLE = _listed(
    """
    {w} not {l}, not {l} but {w}, {w} instead of {l}, instead of {l} {w}, no longer {l} {w},
    {w} no longer {l}, not {l} any more {w}, no more {l} {w}, we used to {l} now we {w},
    i used to be {l} now i am {w}, used to {l} but now {w}, i thought {l} but it was {w},
    thought it was {w} not {l}, more {w} than {l}, first {l} then {w}, the {l} is over {w},
    the {l} is gone and {w}, {l} turned into {w}, {l} yesterday {w} today, yesterday {l} but today {w},
    was {l} but now is {w}, from {l} to {w}, it was not {l} it was {w}, it is {w} it is not {l},
    i am {w} i am not {l}, i am not {l} i am {w}, {w} without {l}, i do not {l} i {w}, he is {w} not {l},
    she was {l} at first but then {w}, before {l} now {w}, expected {l} got {w}, rather {w} than {l},
    i would rather {w} than {l}, i'd rather {w} than {l}, {w} more than {l}, i prefer {w} to {l},
    {w} over {l}, {w} beats {l}, my {l} turned into {w}, {l} became {w}, {l} until {w}, {l} gave way to {w},
    replaced {l} with {w}, after {l} {w}, {w} after {l}, {l} is out {w} is in, {w} and not {l}
    """
)
DENIALS = _listed(  # what is denied is {l}, and nothing is said of what holds instead
    """
    not {l}, not {l} at all, i am not {l}, not really {l}, not so {l}, never {l}, i am not {l} at all,
    it is not {l}, no {l}, nobody is {l}, not very {l}, we are not {l} any more, not {l} any more,
    i was not {l}, she is not {l}
    """
)
