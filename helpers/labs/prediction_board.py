"""PredictionBoard: what do you expect, before you have seen any evidence?

The upper half has eight conditions for each of two theories: an ally near the war or far from it, and what one listens
for. The lower half has six allies by name. When all squares are filled the student commits. Then the board is locked,
and the course's own reading of the theories appears beside the student's.

The allies are scored in later lessons, from evidence. They read the board and score it so:

    from helpers.labs.prediction_board import committed_board
    from helpers.vietnam.predictions import score_allies, score_theories

    picks = committed_board()          # {} if nothing was committed; never raises
    score_allies(picks, counts)        # counts: ally, question ("stance" or "withdrawal"), toward, away

`toward` counts items that support the war (or show alarm at a withdrawal), `away` those that criticise it (or show
relief). The rule is `helpers.vietnam.predictions.lean`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from helpers.data import theory_entries
from helpers.plotting import COLOURS, GREY, INK, QUIET, source_line
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving
from helpers.vietnam.predictions import (
    ALLIES,
    ASKED,
    PLACES,
    QUESTIONS,
    board_keys,
    options,
    score_theories,
    theories,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

STATE = "prediction_board"
SHOWN = {"hawkish": "Hawkish Reassurance", "divided": "Divided priorities"}
ASKS = {"stance": "On the war, 1965-68", "withdrawal": "On withdrawal, 1969-73"}
NOBODY = "nothing"
SHORT = {
    "toward": {"stance": "supports", "withdrawal": "alarm"},
    "even": {"stance": "about even", "withdrawal": "mixed"},
    "away": {"stance": "criticises", "withdrawal": "relief"},
}
HOPEFUL = {"praise", "calm", "less", "alarm", "toward"}
"""Values painted in the first colour: what a reassured ally says, and its alarm when the reassurance goes."""
SOURCE = "your own predictions; readings of the theories with their marks in the table."


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    picks : tuple of (str, str)
        Square and value, for the squares that are filled; squares as `board_keys` names them.
    committed : str
        When the board was committed; empty if it was not.
    """

    picks: tuple[tuple[str, str], ...] = ()
    committed: str = ""

    def __post_init__(self) -> None:
        held = dict(self.picks)
        for key, value in held.items():
            if value not in options(key):
                raise ValueError(f"{key}={value!r} must be one of {', '.join(options(key))}.")
        ordered = tuple((key, held[key]) for key in board_keys() if key in held)
        object.__setattr__(self, "picks", ordered)
        if self.committed and len(ordered) < len(board_keys()):
            raise ValueError(f"committed={self.committed!r}: fill all {len(board_keys())} squares first.")


@dataclass(frozen=True)
class Board:
    """What stands on the board.

    Parameters
    ----------
    params : Params
    reading : DataFrame
        As `score_theories` gives it.
    """

    params: Params
    reading: pd.DataFrame

    @property
    def picks(self) -> dict[str, str]:
        """Value of each square that is filled."""
        return dict(self.params.picks)

    @property
    def agreed(self) -> int:
        """Squares on which the student reads a theory as the course does."""
        return int(self.reading["agrees"].eq(True).sum())


def committed_board() -> dict[str, str]:
    """The board that this student committed in lesson 11.

    Returns
    -------
    dict of str to str
        Value of each of the 28 squares of `board_keys()`; empty if no board was committed, or where an instructor's
        tool runs the notebook.

    Examples
    --------
    >>> isinstance(committed_board(), dict)
    True
    """
    from helpers.ui.state import StateFile

    try:
        kept = StateFile(STATE).read().get("params", {})
        params = Params(tuple((str(key), str(value)) for key, value in kept["picks"]), str(kept["committed"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}
    return dict(params.picks) if params.committed else {}


class PredictionBoard(Lab[Params, Board]):
    """What do two theories expect, and what do you expect of six allies?

    Parameters
    ----------
    picks, committed
        Where to start; see `Params`.

    Examples
    --------
    >>> PredictionBoard(picks=(("hawkish.far.will", "praise"),), remember=False)
    1 of 28 squares is filled. When all are, commit: then the course's reading appears beside yours.
    """

    title = "What do you expect, before the evidence?"
    size: ClassVar[tuple[float, float]] = (9.0, 6.6)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 10.6)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Board:
        """Lay the picks beside the course's reading.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Board
        """
        return Board(params, score_theories(dict(params.picks), theories(theory_entries())))

    def describe(self, result: Board) -> Sentence:
        """How full the board is; once committed, how far it agrees with the course's reading.

        Parameters
        ----------
        result : Board

        Returns
        -------
        Sentence
        """
        return Sentence(_words(result), _table(result), _alt(result), _notes(result))

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: the theories, and the allies.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        if figure.get_figwidth() > 7:
            return figure.add_axes((0.165, 0.07, 0.405, 0.79)), figure.add_axes((0.735, 0.07, 0.255, 0.79))
        return figure.add_axes((0.285, 0.46, 0.7, 0.46)), figure.add_axes((0.285, 0.075, 0.7, 0.29))

    def draw(self, result: Board, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with squares that `redraw` fills.

        Parameters
        ----------
        result : Board
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes)

    def redraw(self, result: Board, artists: Artists) -> None:
        """Fill the squares.

        Parameters
        ----------
        result : Board
        artists : Artists
        """
        artists.title.set_text(_headline(result))
        others = _others(result)
        for key, (square, words, other) in artists.squares.items():
            _fill(square, words, key, result.picks.get(key, ""))
            other.set_text(others.get(key, ""))

    def controls(self) -> dict[str, Any]:
        """A list for each square, and the button that commits.

        Returns
        -------
        dict of str to widget
        """
        from helpers.ui.squares import Commitment, Squares

        squares = Squares(_groups(), self.params.picks)
        return {"picks": squares, "committed": Commitment(squares, self.params.committed, _now)}

    def reset(self) -> None:
        """Empty the board, unless it is committed: a commitment stays."""
        if not self.params.committed:
            super().reset()


def _now() -> str:
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")


def _groups() -> list[Any]:
    from helpers.ui.squares import Group

    held = [
        Group(
            f"{name} expects that an ally ...",
            {
                f"{theory}.{where}.{aspect}": (
                    f"{where.capitalize()}, {aspect}",
                    options(f"{theory}.{where}.{aspect}"),
                )
                for aspect, where in product(ASKED, PLACES)
            },
        )
        for theory, name in SHOWN.items()
    ]
    asked = [
        Group(
            f"Own words {words[0].lower()}{words[1:]}",
            {f"{ally}.{question}": (ally, options(f"{ally}.{question}")) for ally in ALLIES},
        )
        for question, words in ASKS.items()
    ]
    return [*held, *asked]


# Saying.


def _words(result: Board) -> str:
    filled, all_squares = len(result.params.picks), len(board_keys())
    if not result.params.committed:
        verb = "is" if filled == 1 else "are"
        tail = (
            "Commit: then the course's reading appears beside yours."
            if filled == all_squares
            else "When all are, commit: then the course's reading appears beside yours."
        )
        return f"{filled} of {all_squares} squares {verb} filled. {tail}"
    return (
        f"Committed {result.params.committed}. You read the theories as the course does in {result.agreed} of "
        f"{len(result.reading)} squares. Your six allies wait for the evidence of lessons 13 and 14."
    )


def _headline(result: Board) -> str:
    return "Committed: you, and the course" if result.params.committed else "Your board, before any evidence"


def _table(result: Board) -> pd.DataFrame:
    rows = [_row(row, bool(result.params.committed)) for row in result.reading.to_dict("records")]
    rows += [
        [ally, ASKS[question], _chosen(result, ally, question), "lessons 13 and 14", "-", "-"]
        for ally, question in product(ALLIES, QUESTIONS)
    ]
    return pd.DataFrame(rows, columns=["theory or ally", "condition", "you", "the course", "mark", "why"])


def _chosen(result: Board, ally: str, question: str) -> str:
    """What the student expects of an ally, in the words of the figure."""
    pick = result.picks.get(f"{ally}.{question}")
    return SHORT[pick][question] if pick else "-"


def _row(row: Mapping[Any, Any], committed: bool) -> list[str]:
    course = [row["reading"], f"{row['mark']} {row['key']}".strip(), row["why"] or "-"]
    return [
        SHOWN[row["theory"]],
        f"{row['where']}, {row['aspect']}",
        row["pick"] or "-",
        *(course if committed else ["after you commit", "-", "-"]),
    ]


def _alt(result: Board) -> str:
    filled = ", ".join(f"{key.replace('.', ' ')} {value}" for key, value in result.params.picks)
    return (
        "Two tables of squares. Left: eight conditions, near and far, for two theories. Right: six allies, their words "
        f"on the war and on withdrawal. Filled: {filled or 'none'}."
    )


def _notes(result: Board) -> tuple[str, ...]:
    notes = ["Near and far, and what one listens for, are the course's own words."]
    if result.params.committed:
        notes.append("A committed board stays as it is, so that later lessons can score it.")
        notes.append("Why the course reads a theory so, and with which mark, stands in the table below.")
    return tuple(notes)


def _others(result: Board) -> dict[str, str]:
    """Where the board is committed, the course's reading of each square, beside a sign whether it is the student's."""
    if not result.params.committed:
        return {}
    return {
        f"{row['theory']}.{row['where']}.{row['aspect']}": _sign(bool(row["agrees"]), row["reading"])
        for row in result.reading.to_dict("records")
    }


def _sign(agrees: bool, reading: str) -> str:
    return "✓ course too" if agrees else f"✗ course: {reading}"


# Drawing.


@dataclass(frozen=True)
class Artists:
    """What moves in the picture: the title, and of each square its area, its words and the course's."""

    title: Text
    squares: dict[str, tuple[Rectangle, Text, Text]]

    @classmethod
    def on(cls, left: Axes, right: Axes) -> Artists:
        """Make all artists, empty, on two axes.

        Parameters
        ----------
        left, right : matplotlib Axes

        Returns
        -------
        Artists
        """
        figure = left.get_figure(root=True)
        assert figure is not None
        conditions = [(aspect, where) for aspect in ASKED for where in PLACES]
        _dress(left, [f"{where}, {aspect}" for aspect, where in conditions], list(SHOWN.values()))
        _dress(right, list(ALLIES), ["The war,\n1965-68", "Withdrawal,\n1969-73"])
        wide = figure.get_figwidth() > 7
        source_line(figure, SOURCE if wide else SOURCE.replace("; ", ";\n"))
        squares = {
            f"{theory}.{where}.{aspect}": _square(left, column, row)
            for column, theory in enumerate(SHOWN)
            for row, (aspect, where) in enumerate(conditions)
        }
        squares |= {
            f"{ally}.{question}": _square(right, column, row, middle=0.5)
            for column, question in enumerate(QUESTIONS)
            for row, ally in enumerate(ALLIES)
        }
        title = figure.text(0.012, 0.985, "", fontsize=14, fontweight="bold", va="top")
        moving(title, *(artist for parts in squares.values() for artist in parts))
        return cls(title, squares)


def _dress(axes: Axes, rows: list[str], columns: list[str]) -> None:
    axes.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
    axes.set_xticks([place + 0.5 for place in range(len(columns))], columns, fontsize=12)
    axes.set_yticks([place + 0.5 for place in range(len(rows))], rows, fontsize=12)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _square(axes: Axes, column: int, row: int, middle: float = 0.33) -> tuple[Rectangle, Text, Text]:
    from matplotlib.patches import Rectangle

    area = Rectangle((column + 0.015, row + 0.05), 0.97, 0.9, linewidth=1.5)
    axes.add_patch(area)
    words = axes.text(column + 0.5, row + middle, "", ha="center", va="center", fontsize=12, color=INK)
    other = axes.text(column + 0.5, row + 0.72, "", ha="center", va="center", fontsize=11, color=QUIET)
    return area, words, other


def _fill(square: Rectangle, words: Text, key: str, value: str) -> None:
    colour = GREY if value in ("", NOBODY, "even") else COLOURS[0] if value in HOPEFUL else COLOURS[1]
    square.set(edgecolor=colour, facecolor=(*_rgb(colour), 0.16 if value else 0.0))
    square.set_linestyle("--" if not value else "-")
    short = SHORT[value][key.split(".")[-1]] if key.count(".") == 1 and value else value
    words.set_text(short or "?")


def _rgb(colour: str) -> tuple[float, float, float]:
    from matplotlib.colors import to_rgb

    return to_rgb(colour)
