"""`encode`: any object that a student may leave under a name, turned into an `Answer`.

The idea: read values, never trust methods. The type decides how a value is read, base classes' own methods read it, and
whatever goes wrong on the way makes the answer "other" instead of an error. Nothing is pickled, and libraries are
looked up only if the student's own code loaded them: what was never imported cannot be the type of an answer.
"""

from __future__ import annotations

import copy
import datetime
import decimal
import fractions
import functools
import math
import sys
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from helpers.exercises.answer import (
    MAX_BYTES,
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_INTEGER,
    Answer,
    Cell,
    Column,
    Picture,
    Trace,
)

Inputs: TypeAlias = Sequence[Sequence[object]]

UNDEFINED = Answer("missing", source="undefined")
"""The answer to an exercise whose name does not exist."""

_FUNCTIONS = (
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    types.MethodWrapperType,
    functools.partial,
    type,
)
_SURELY_SMALL = 10_000


class _TooBig(Exception):
    """The value is over a limit; the message says by how much."""


def encode(value: object, *, inputs: Inputs | None = None) -> Answer:
    """Turn a student's value into data that a judge can read in another process.

    Parameters
    ----------
    value : object
        Anything. A Series, a dictionary or a DataFrame becomes a table with its index; arrays, tuples and sets become
        lists.
    inputs : sequence of sequences, optional
        Arguments to call a function with. Each call gets a copy. Without inputs a function is encoded as itself.

    Returns
    -------
    Answer
        Of kind "too_big" over a limit, of kind "other" for an object that cannot be read. Only an interrupt by the
        user gets through.

    Examples
    --------
    >>> encode(0.54)
    Answer(kind='number', value=0.54, source='')
    >>> encode(abs, inputs=[[-3], [4]]).value[0]
    Answer(kind='number', value=3, source='')
    """
    try:
        answer = (
            _called(value, inputs) if inputs is not None and callable(value) else _Encoder().answer(value)
        )
    except _TooBig as too_big:
        answer = Answer("too_big", str(too_big), _type_name(value))
    except KeyboardInterrupt:
        raise
    except BaseException:
        answer = Answer("other", source=_type_name(value))
    return answer


def _called(function: Callable[..., object], inputs: Inputs) -> Answer:
    """Results of `function`, one for each of the inputs."""
    encoder = _Encoder()
    return encoder.within_limits(Answer("calls", tuple(_result(function, each, encoder) for each in inputs)))


def _result(function: Callable[..., object], arguments: Sequence[object], encoder: _Encoder) -> Answer:
    try:
        value = function(*copy.deepcopy(list(arguments)))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Answer("error", _error_text(error))
    try:
        return encoder.read(value, 1)
    except (_TooBig, KeyboardInterrupt):
        raise
    except BaseException:
        return Answer("other", source=_type_name(value))


def _error_text(error: BaseException) -> str:
    name = _type_name(error)
    try:
        return f"{name}: {_clean(str(error))}"[:300]
    except Exception:
        return name


class _Encoder:
    """Reads one value, and counts how much of it there is."""

    def __init__(self) -> None:
        self.cells = 0
        self.characters = 0
        self.readers = _library_readers() + _OWN

    def answer(self, value: object) -> Answer:
        return self.within_limits(self.read(value, 0))

    def within_limits(self, answer: Answer) -> Answer:
        """Refuse what another process would refuse to read."""
        if self.cells + self.characters / 10 > _SURELY_SMALL:
            size = len(answer.to_json().encode())
            if size > MAX_BYTES:
                raise _TooBig(f"{size / 1e6:.1f} megabytes; at most {MAX_BYTES / 1e6:.0f}")
        return answer

    def read(self, value: Any, depth: int) -> Answer:
        if depth > MAX_DEPTH:
            raise _TooBig(f"nested more than {MAX_DEPTH} levels deep")
        for base, reader in self.readers:
            if issubclass(type(value), base):
                return reader(self, value, depth)
        if callable(value) and isinstance(getattr(value, "__name__", None), str):
            return _function(self, value, depth)
        return Answer("other", source=_type_name(value))

    def cell(self, value: Any, depth: int) -> Cell:
        """One value in a list or table: itself if it is simple, None if it is missing."""
        kind = type(value)
        if kind is float:
            return value if math.isfinite(value) else self._odd_float(value)
        if kind is bool or (kind is int and -MAX_INTEGER <= value <= MAX_INTEGER):
            return value  # type: ignore[no-any-return]
        if kind is str:
            return self.text(value)
        answer = self._safely(value, depth)
        if answer.kind == "missing" or (answer.kind == "number" and answer.value == "nan"):
            return None
        if answer.kind in ("number", "bool", "text") and answer.value not in ("inf", "-inf"):
            return answer.value  # type: ignore[return-value]
        return answer

    def _safely(self, value: Any, depth: int) -> Answer:
        try:
            return self.read(value, depth + 1)
        except (_TooBig, KeyboardInterrupt):
            raise
        except BaseException:
            return Answer("other", source=_type_name(value))

    @staticmethod
    def _odd_float(value: float) -> Cell:
        return None if math.isnan(value) else Answer("number", str(value))

    def cell_tuple(self, values: Iterable[Any], depth: int) -> tuple[Cell, ...]:
        return tuple(self.cell(each, depth) for each in values)

    def count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > MAX_CELLS:
            raise _TooBig(f"{self.cells:,} values; at most {MAX_CELLS:,}")

    def text(self, value: str) -> str:
        if len(value) > MAX_CHARACTERS:
            raise _TooBig(f"a text of {len(value):,} characters; at most {MAX_CHARACTERS:,}")
        self.characters += len(value)
        return value.encode("utf-8", "replace").decode("utf-8")


Reader: TypeAlias = Callable[[_Encoder, Any, int], Answer]


# ------------------------------------------------------------------ Python's own types


def _missing(_encoder: _Encoder, value: object, _depth: int) -> Answer:
    return Answer("missing", source="Ellipsis" if value is Ellipsis else "None")


def _bool(_encoder: _Encoder, value: Any, _depth: int) -> Answer:
    return Answer("bool", bool(value))


def _integer(_encoder: _Encoder, value: int, _depth: int) -> Answer:
    number = int.__int__(value)
    if -MAX_INTEGER <= number <= MAX_INTEGER:
        return Answer("number", number)
    try:
        return Answer("number", float(number))
    except OverflowError:
        raise _TooBig("an integer beyond the range of a float") from None


def _float(_encoder: _Encoder, value: float, _depth: int) -> Answer:
    number = float.__float__(value)
    return Answer("number", number if math.isfinite(number) else str(number))


def _exact(encoder: _Encoder, value: Any, depth: int) -> Answer:
    return _float(encoder, float(value), depth)


def _str(encoder: _Encoder, value: str, _depth: int) -> Answer:
    return Answer("text", encoder.text(str.__str__(value)))


def _date(encoder: _Encoder, value: datetime.date, _depth: int) -> Answer:
    return Answer("text", encoder.text(value.isoformat()))


def _sequence(base: Any) -> Reader:
    def read(encoder: _Encoder, value: Any, depth: int) -> Answer:
        encoder.count(base.__len__(value))
        return Answer("list", encoder.cell_tuple(base.__iter__(value), depth), base.__name__)

    return read


def _set(base: Any) -> Reader:
    def read(encoder: _Encoder, value: Any, depth: int) -> Answer:
        encoder.count(base.__len__(value))
        cells = encoder.cell_tuple(base.__iter__(value), depth)
        return Answer("list", tuple(sorted(cells, key=lambda cell: Answer("list", (cell,)).to_json())), "set")

    return read


def _view(encoder: _Encoder, value: Any, depth: int) -> Answer:
    encoder.count(len(value))
    return Answer("list", encoder.cell_tuple(value, depth), _type_name(value))


def _dict(encoder: _Encoder, value: dict[Any, Any], depth: int) -> Answer:
    """Read a dictionary as pandas would: columns if all values are lists of one length, else labels and values."""
    keys, values = list(dict.keys(value)), list(dict.values(value))
    lengths = {len(each) if type(each) in (list, tuple) else -1 for each in values}
    if len(lengths) == 1 and -1 not in lengths:
        encoder.count(lengths.pop() * len(keys))
        columns = (
            Column(_name(encoder, key), encoder.cell_tuple(each, depth))
            for key, each in zip(keys, values, strict=True)
        )
        return Answer("table", tuple(columns), "dict")
    encoder.count(2 * len(keys))
    labels = Column("", encoder.cell_tuple(keys, depth), is_index=True)
    return Answer("table", (labels, Column("", encoder.cell_tuple(values, depth))), "dict")


def _function(_encoder: _Encoder, value: Any, _depth: int) -> Answer:
    return Answer("function", _function_name(value))


def _function_name(value: Any) -> str:
    try:
        name = type.__dict__["__name__"].__get__(value) if isinstance(value, type) else value.__name__
        return _clean(str.__str__(name))
    except Exception:
        return _type_name(value)


def _name(encoder: _Encoder, label: object) -> str:
    """Name of a column; levels of a compound name are joined, no name is empty."""
    if label is None:
        return ""
    if type(label) is tuple:
        return " / ".join(filter(None, (_name(encoder, part) for part in label)))
    return encoder.text(str(label))


_OWN: list[tuple[Any, Reader]] = [
    (type(None), _missing),
    (type(Ellipsis), _missing),
    (bool, _bool),
    (int, _integer),
    (float, _float),
    (str, _str),
    (decimal.Decimal, _exact),
    (fractions.Fraction, _exact),
    (datetime.date, _date),
    (list, _sequence(list)),
    (tuple, _sequence(tuple)),
    (set, _set(set)),
    (frozenset, _set(frozenset)),
    (range, _sequence(range)),
    (type({}.keys()), _view),
    (type({}.values()), _view),
    (dict, _dict),
    (_FUNCTIONS, _function),
]


# ------------------------------------------------------------------ NumPy and pandas


def _numpy_scalar(encoder: _Encoder, value: Any, depth: int) -> Answer:
    numpy = sys.modules["numpy"]
    if issubclass(type(value), str):
        return _str(encoder, value, depth)
    if issubclass(type(value), numpy.bool_):
        return Answer("bool", bool(value))
    if issubclass(type(value), numpy.integer):
        return _integer(encoder, int(value), depth)
    if issubclass(type(value), numpy.floating):
        # The shortest text that means this float32, not its long expansion as a float64.
        return _float(encoder, float(str(value)), depth)
    if issubclass(type(value), numpy.datetime64 | numpy.timedelta64):
        return Answer("number", "nan", "NaT") if numpy.isnat(value) else Answer("text", str(value))
    return Answer("other", source=_type_name(value))


def _array(encoder: _Encoder, value: Any, depth: int) -> Answer:
    numpy = sys.modules["numpy"]
    masked = issubclass(type(value), numpy.ma.MaskedArray)
    array = value if masked else numpy.asarray(value)
    encoder.count(array.size)
    if array.ndim > 1:
        encoder.cells -= array.size  # counted below, row by row
    if array.dtype.kind in "mM":
        array = array.astype(str)
    elif array.dtype.kind == "f" and array.dtype.itemsize < 8:
        array = array.astype(str).astype(float)
    content = array.tolist()
    if not isinstance(content, list):
        return (
            Answer("number", "nan", "masked")
            if content is None and masked
            else encoder.read(content, depth + 1)
        )
    return Answer("list", encoder.cell_tuple(content, depth), "array")


def _series(encoder: _Encoder, value: Any, depth: int) -> Answer:
    encoder.count(len(value))
    column = Column(_name(encoder, value.name), encoder.cell_tuple(value.tolist(), depth))
    return Answer("table", (*_index(encoder, value.index, depth), column), "Series")


def _frame(encoder: _Encoder, value: Any, depth: int) -> Answer:
    encoder.count(value.shape[0] * value.shape[1])
    columns = tuple(
        Column(_name(encoder, label), encoder.cell_tuple(value.iloc[:, place].tolist(), depth))
        for place, label in enumerate(value.columns)
    )
    return Answer("table", (*_index(encoder, value.index, depth), *columns), "DataFrame")


def _index(encoder: _Encoder, index: Any, depth: int) -> tuple[Column, ...]:
    """Levels of an index; a plain row number that has no name says nothing and is left out."""
    pandas = sys.modules["pandas"]
    if issubclass(type(index), pandas.RangeIndex) and index.name is None:
        return ()
    encoder.count(len(index) * index.nlevels)
    return tuple(
        Column(_name(encoder, name), encoder.cell_tuple(index.get_level_values(level).tolist(), depth), True)
        for level, name in enumerate(index.names)
    )


def _labels(encoder: _Encoder, value: Any, depth: int) -> Answer:
    encoder.count(len(value))
    return Answer("list", encoder.cell_tuple(value.tolist(), depth), _type_name(value))


def _pandas_missing(_encoder: _Encoder, _value: object, _depth: int) -> Answer:
    return Answer("number", "nan", "NA")


def _as_text(encoder: _Encoder, value: Any, _depth: int) -> Answer:
    return Answer("text", encoder.text(str(value)))


# ------------------------------------------------------------------ Matplotlib and seaborn


def _axes(encoder: _Encoder, value: Any, _depth: int) -> Answer:
    cloud = sys.modules["matplotlib.collections"].PathCollection
    points = (each.get_offsets() for each in value.collections if isinstance(each, cloud))
    picture = Picture(
        title=encoder.text(_title(value)),
        x_label=encoder.text(value.get_xlabel()),
        y_label=encoder.text(value.get_ylabel()),
        legend=tuple(encoder.text(text) for text in _legend(value)),
        lines=tuple(
            filter(_has_points, (_line(encoder, line) for line in value.get_lines() if _in_data(line)))
        ),
        points=tuple(filter(_has_points, (_cloud(encoder, offsets) for offsets in points))),
        bars=_bars(encoder, value),
    )
    return Answer("axes", picture)


def _figure(encoder: _Encoder, value: Any, depth: int) -> Answer:
    axes = list(value.axes)
    if len(axes) == 1:
        return encoder.read(axes[0], depth + 1)
    return Answer("list", encoder.cell_tuple(axes, depth), "Figure")


def _grid(encoder: _Encoder, value: Any, depth: int) -> Answer:
    return encoder.read(value.figure, depth + 1)


def _title(axes: Any) -> str:
    own = next(filter(None, (axes.get_title(loc=place) for place in ("center", "left", "right"))), "")
    return str(own or axes.figure.get_suptitle())


def _legend(axes: Any) -> list[str]:
    legend = axes.get_legend()
    return [] if legend is None else [text.get_text() for text in legend.get_texts()]


def _in_data(line: Any) -> bool:
    """Whether the line is drawn in data units; a reference line across the axes is not."""
    return bool(line.get_transform() == line.axes.transData)


def _line(encoder: _Encoder, line: Any) -> Trace:
    return _trace(encoder, line.get_xdata(orig=False), line.get_ydata(orig=False))


def _cloud(encoder: _Encoder, offsets: Any) -> Trace:
    return _trace(encoder, offsets[:, 0], offsets[:, 1])


def _trace(encoder: _Encoder, x: Any, y: Any) -> Trace:
    encoder.count(len(x) + len(y))
    return Trace(encoder.cell_tuple(x.tolist(), 0), encoder.cell_tuple(y.tolist(), 0))


def _has_points(trace: Trace) -> bool:
    return bool(trace.x)


def _bars(encoder: _Encoder, axes: Any) -> tuple[Cell, ...]:
    lengths: list[Any] = []
    for container in axes.containers:
        if hasattr(container, "patches"):
            sideways = getattr(container, "orientation", None) == "horizontal"
            lengths += [bar.get_width() if sideways else bar.get_height() for bar in container.patches]
    encoder.count(len(lengths))
    return encoder.cell_tuple(lengths, 0)


_LIBRARIES: tuple[tuple[str, str, Reader], ...] = (
    ("numpy", "generic", _numpy_scalar),
    ("numpy", "ndarray", _array),
    ("numpy", "ufunc", _function),
    ("pandas", "Series", _series),
    ("pandas", "DataFrame", _frame),
    ("pandas", "Index", _labels),
    ("pandas.api.extensions", "ExtensionArray", _labels),
    ("pandas", "Interval", _as_text),
    ("pandas", "Period", _as_text),
    ("pandas._libs.missing", "NAType", _pandas_missing),
    ("pandas._libs.tslibs.nattype", "NaTType", _pandas_missing),
    ("matplotlib.axes", "Axes", _axes),
    ("matplotlib.figure", "FigureBase", _figure),
    ("seaborn.axisgrid", "Grid", _grid),
)


def _library_readers() -> list[tuple[Any, Reader]]:
    """Readers of the libraries that are loaded; they go first, because NaT calls itself a date."""
    found = []
    for module, name, reader in _LIBRARIES:
        base = getattr(sys.modules.get(module), name, None)
        if isinstance(base, type):
            found.append((base, reader))
    return found


# ------------------------------------------------------------------ texts


def _type_name(value: object) -> str:
    try:
        return _clean(str.__str__(type.__dict__["__name__"].__get__(type(value))))
    except Exception:
        return "object"


def _clean(text: str) -> str:
    """One short line without control characters, which could move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:120])
