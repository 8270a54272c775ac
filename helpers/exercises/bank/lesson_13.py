"""Exercises of lesson 13, Reading evidence: whose file it is, agreement beyond chance, near and far, a memo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import List, Number, Share, Table, Words
from helpers.vietnam.evidence import gather

OWN = ("own", "both")
NEAR = 5000
BACKS = ("supportive", "leaning_supportive")

# 13.1 ------------------------------------------------------------------------------------------------------------


def _rows(context: Context) -> pd.DataFrame:
    return gather(context.load("vietnam_evidence"), context.load("vietnam_voices")).to_frame()


def _files(
    context: Context,
    *,
    voices: Sequence[str] = OWN,
    what: Callable[[pd.DataFrame], pd.Series[bool]] | None = None,
) -> pd.DataFrame:
    """For each ally, of its items with one of the voices, the share that an American wrote down (or another share)."""
    rows = _rows(context)
    kept = rows[rows["voice"].isin(voices)]
    mark = what(kept) if what else kept["written_by"] == "American"
    return mark.groupby(kept["ally"]).mean().rename("from_america").rename_axis("ally").reset_index()


def _counts(context: Context) -> pd.DataFrame:
    """How many items of each ally in its own voice an American wrote down."""
    rows = _rows(context)
    kept = rows[rows["voice"].isin(OWN)]
    written = (kept["written_by"] == "American").groupby(kept["ally"]).sum()
    return written.rename("from_america").rename_axis("ally").reset_index()


def _turned(context: Context) -> pd.DataFrame:
    """Of the items that Americans wrote down, the share with the ally's own voice."""
    rows = _rows(context)
    kept = rows[rows["written_by"] == "American"]
    heard = kept["voice"].isin(OWN).groupby(kept["ally"]).mean()
    return heard.rename("from_america").rename_axis("ally").reset_index()


FILES = Exercise(
    id="13.1",
    points=2,
    answer="files",
    kind=Table(keys=("ally",), values=("from_america",), decimals=2),
    asks="For each ally, of the items in which it speaks or acts itself, the share that Americans wrote down.",
    expected=_files,
    mistakes=(
        Mistake(
            "all items",
            lambda context, right: _files(context, voices=("own", "both", "american", "other")),
            "You divided by all items of an ally. Keep those in which it speaks or acts itself, and then count.",
        ),
        Mistake(
            "turned",
            lambda context, right: _turned(context),
            "That is the share of own voices among what Americans wrote down. The question is the other way round: "
            "among own voices, what did Americans write down?",
        ),
        Mistake(
            "other files",
            lambda context, right: right.assign(from_america=1 - right["from_america"]),
            "That is the share that others wrote down. The share of American files is what is left of one.",
        ),
        Mistake(
            "own alone",
            lambda context, right: _files(context, voices=("own",)),
            "Talks in which both speak are missing. In them the ally speaks, too: keep `own` and `both`.",
        ),
        Mistake(
            "counts",
            lambda context, right: _counts(context),
            "You counted the items. A share divides by all items in the ally's own voice: `.mean()` does both.",
        ),
        Mistake(
            "private",
            lambda context, right: _files(context, what=lambda rows: rows["setting"] == "private"),
            "You counted what was said in private. Who wrote it down stands in `written_by`.",
        ),
    ),
    hints=(
        'First keep the rows: `own = rows[rows["voice"].isin(["own", "both"])]`.',
        'A share is a mean of true and false: `own["written_by"] == "American"`, grouped by `own["ally"]`.',
        'The result needs a name: `heard.rename("from_america").to_frame()`.',
    ),
    why=(
        "An own voice in a foreign file is still an own voice, but somebody else heard it first. Where nearly all "
        "of an ally's words lie in American files, silence there is no evidence of silence."
    ),
)

# 13.2 ------------------------------------------------------------------------------------------------------------


def _stances(context: Context, variable: str = "stance") -> pd.DataFrame:
    return context.load("vietnam_codings").pivot(index="evidence_id", columns="coder", values=variable)


def _beyond_chance(context: Context, *, variable: str = "stance", other: str = "coder_b") -> list[float]:
    table = _stances(context, variable)
    one, two = table["coder_a"], table[other]
    observed = float((one == two).mean())
    chance = float((one.value_counts(normalize=True) * two.value_counts(normalize=True)).sum())
    return [observed, chance, (observed - chance) / (1 - chance)]


def _with_chance(right: Sequence[float], chance: float) -> list[float]:
    return [right[0], chance, (right[0] - chance) / (1 - chance)]


def _without_none(context: Context) -> list[float]:
    table = _stances(context)
    kept = table[(table[["coder_a", "coder_b"]] != "no_stance").all(axis=1)]
    one, two = kept["coder_a"], kept["coder_b"]
    observed = float((one == two).mean())
    chance = float((one.value_counts(normalize=True) * two.value_counts(normalize=True)).sum())
    return [observed, chance, (observed - chance) / (1 - chance)]


BEYOND_CHANCE = Exercise(
    id="13.2",
    points=3,
    answer="beyond_chance",
    kind=List(of=Number(decimals=2), ordered=True),
    asks="Observed share, chance share and kappa of the two blind codings of the stance.",
    expected=_beyond_chance,
    mistakes=(
        Mistake(
            "a sixth",
            lambda context, right: _with_chance(right, 1 / 6),
            "With six codes that are used alike, chance would be a sixth. These readers have habits: take A's share of "
            "each code times B's share of it, and add.",
        ),
        Mistake(
            "difference",
            lambda context, right: [right[0], right[1], right[0] - right[1]],
            "You took chance off. Kappa also divides by what was left to reach: one less the chance share.",
        ),
        Mistake(
            "per cent",
            lambda context, right: [100 * each for each in right],
            "Those are per cent. Give fractions: kappa is at most 1.",
        ),
        Mistake(
            "adjudicated",
            lambda context, right: _beyond_chance(context, other="adjudicated"),
            "You compared coder A with the third reader, who saw A's codes. Blind are `coder_a` and `coder_b`.",
        ),
        Mistake(
            "reasons",
            lambda context, right: _beyond_chance(context, variable="reason"),
            "Those are the reasons. Here the stances are compared: start from `stances`.",
        ),
        Mistake(
            "without no_stance",
            lambda context, right: _without_none(context),
            "The items without a stance are missing. Among bare categories *no stance* is a code like the others.",
        ),
    ),
    hints=(
        "`(a == b).mean()` is the observed share.",
        "`a.value_counts(normalize=True)` gives A's share of each code. Two such Series multiply code by code.",
        "Kappa is `(observed - chance) / (1 - chance)`.",
    ),
    why=(
        "Chance is not the same for all readers: it depends on how often each uses each code. So pairs with the same "
        "raw share may have different kappas, and a pair that calls nearly everything alike can have a kappa near zero."
    ),
)

# 13.3 ------------------------------------------------------------------------------------------------------------


def _shares(
    context: Context,
    *,
    coder: str = "adjudicated",
    keep: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
    backs: Sequence[str] = BACKS,
    far_without_distance: bool = False,
) -> list[float]:
    codings = context.load("vietnam_codings")
    km = context.load("vietnam_distance").set_index("unit")["km_capital_saigon"]
    rows = codings[codings["coder"] == coder]
    rows = rows.assign(km=rows["unit"].map(km))
    rows = keep(rows) if keep else rows[rows["stance"] != "no_stance"]
    rows = rows.fillna({"km": NEAR + 1}) if far_without_distance else rows.dropna(subset="km")
    yes, near = rows["stance"].isin(backs), rows["km"] <= NEAR
    return [float(yes[near].mean()), float(yes[~near].mean())]


NEAR_AND_FAR = Exercise(
    id="13.3",
    points=3,
    answer="near_and_far",
    kind=List(of=Share(decimals=2), ordered=True),
    asks="Share of supportive or leaning supportive items, near allies and far ones, adjudicated codes.",
    expected=_shares,
    mistakes=(
        Mistake(
            "reversed",
            lambda context, right: right[::-1],
            "The order is turned: near allies first, then far ones.",
        ),
        Mistake(
            "no stance below",
            lambda context, right: _shares(context, keep=lambda rows: rows),
            "Items without a stance stand below your fraction. They say nothing for or against: take them out first.",
        ),
        Mistake(
            "supportive alone",
            lambda context, right: _shares(context, backs=("supportive",)),
            "You counted `supportive` alone. The task also counts `leaning_supportive`.",
        ),
        Mistake(
            "several allies are far",
            lambda context, right: _shares(context, far_without_distance=True),
            "Items on several allies have no distance, and your far group took them in. Keep rows whose `km` is known.",
        ),
        Mistake(
            "one base",
            lambda context, right: _of_all(context),
            "You divided both by all items. Pick the near rows first and take their mean, then the far ones.",
        ),
        Mistake(
            "all three readers",
            lambda context, right: _all_readers(context),
            "You counted every item three times, once a reader. Keep the rows of `adjudicated`: the table `decided`.",
        ),
    ),
    hints=(
        'First keep what can be compared: `decided["stance"] != "no_stance"` and `decided["km"].notna()`.',
        '`told["stance"].isin([...])` is true for the two codes that back the fighting.',
        'With `near = told["km"] <= 5000`, `~near` are the far ones.',
    ),
    why=(
        "Two shares of items, not of allies: an ally with many items weighs more, and the items were chosen by people. "
        "The table ally by ally that follows shows who makes the difference, and who stands on the wrong side."
    ),
)


def _of_all(context: Context) -> list[float]:
    near_yes, near, far_yes, far = _shares_and_sizes(context, "adjudicated")
    return [near_yes / (near + far), far_yes / (near + far)]


def _all_readers(context: Context) -> list[float]:
    parts = [_shares_and_sizes(context, coder) for coder in ("coder_a", "coder_b", "adjudicated")]
    sizes = pd.DataFrame(parts, columns=["near_yes", "near", "far_yes", "far"]).sum()
    return [float(sizes["near_yes"] / sizes["near"]), float(sizes["far_yes"] / sizes["far"])]


def _shares_and_sizes(context: Context, coder: str) -> tuple[float, int, float, int]:
    codings = context.load("vietnam_codings")
    km = context.load("vietnam_distance").set_index("unit")["km_capital_saigon"]
    rows = codings[(codings["coder"] == coder) & (codings["stance"] != "no_stance")]
    place = rows["unit"].map(km)
    yes = rows["stance"].isin(BACKS)
    near, far = place <= NEAR, place > NEAR
    return float(yes[near].sum()), int(near.sum()), float(yes[far].sum()), int(far.sum())


# 13.4 ------------------------------------------------------------------------------------------------------------

MEMO = Exercise(
    id="13.4",
    points=2,
    answer="memo",
    kind=Words(
        min_words=80,
        max_words=220,
        criteria=(
            "quotes the words on which readers part, and names the item",
            "gives for each of the two codes the rule or definition that leads to it",
            "says who speaks, to whom, in public or not, and who wrote it down",
            "proposes a rule that would settle the case, and says what it would lose",
        ),
    ),
    asks="A memo on one item that divides readers: the words, two ways to a code, the source, a rule and its price.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Look the item up in `codings`: the notes of both readers say why.",
        "A rule that settles this item settles others, too. Which ones would it get wrong?",
    ),
    why=(
        "A rule can always buy agreement. What it sells is a distinction. Whoever writes the codebook decides which "
        "distinctions the data can still show, and should say so."
    ),
)

EXERCISES = (FILES, BEYOND_CHANCE, NEAR_AND_FAR, MEMO)
