"""Questions of lesson 12, Counting flags: the warm-up, two predictions and the quiz."""

from __future__ import annotations

from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question
from helpers.theory.ranks import permutation_test
from helpers.vietnam.forces import allies, read, sums

WARM_UP = (
    Question(
        id="12.w1",
        text="One host is compared with three controls by permutation. Why can p not fall below a quarter?",
        options=(
            Option(
                "Because three controls make a noisy mean",
                False,
                "Noise does not set the limit. Count the places that the host can take among four.",
            ),
            Option(
                "Because the host can at best be first of four",
                True,
                "Few cases give few assignments, and p is a share of them. Today there are more, and you count them.",
            ),
            Option(
                "Because permutation is for large samples",
                False,
                "It is at its best with small ones, where all assignments can be listed.",
            ),
        ),
    ),
    Question(
        id="12.w2",
        text="A rank correlation rests on a dozen cases. What did lesson 03 do to see how firm it is?",
        options=(
            Option(
                "Left out each case in turn, and looked at all the answers",
                True,
                "One case may carry a finding. Showing all the answers keeps anybody from picking one.",
            ),
            Option(
                "Took logarithms, so that large cases weigh less",
                False,
                "Ranks do not change with logarithms, so nothing would have moved.",
            ),
            Option(
                "Left out the case that fitted worst",
                False,
                "That is choosing the answer. A case may go for a reason from outside the result.",
            ),
        ),
    ),
    Question(
        id="12.w3",
        text="A dataset's codebook says `imputed` beside some figures. What do you do with them?",
        options=(
            Option(
                "Nothing: the codebook's authors knew best",
                False,
                "They told you so that you could decide. A figure that somebody filled in is not an observation.",
            ),
            Option(
                "Drop the whole series",
                False,
                "The other years are observations as before.",
            ),
            Option(
                "Keep the mark, and see whether the finding holds without them",
                True,
                "The same holds for a cell that somebody repaired. Today you will repair some yourself.",
            ),
        ),
    ),
)


def _columns_that_add_up(context: Context) -> int:
    """Option for the number of columns that add up: all, five or six, one to four, none."""
    fits = int(sums(read(context.load("vietnam_forces")))["adds_up"].sum())
    return 0 if fits == 7 else 1 if fits >= 5 else 2 if fits >= 1 else 3


def _with_the_rio_treaty(context: Context) -> int:
    """Option for what more cases do to correlation and p: stronger or weaker, smaller or larger."""
    distance = context.load("vietnam_distance")
    without, with_rio = (
        permutation_test(table["km"], table["sent"])
        for table in (allies(distance), allies(distance, rio=True))
    )
    weaker = abs(with_rio.correlation) < abs(without.correlation)
    larger = with_rio.p_value > without.p_value
    return 2 * weaker + larger


PREDICTIONS = (
    Prediction(
        id="12.1",
        text="In how many of the seven years do the cells sum to the printed total?",
        options=("All seven", "Five or six", "One to four", "None"),
        answer=_columns_that_add_up,
        reveal="How sure were you that a printed table adds up?",
    ),
    Prediction(
        id="12.2",
        text=(
            "Nineteen far allies that sent nobody are added to 22 allies of which six sent soldiers. What becomes of "
            "the rank correlation between distance and having sent, and of p?"
        ),
        options=(
            "The correlation becomes stronger, and p smaller",
            "The correlation becomes stronger, and p larger",
            "The correlation becomes weaker, and p smaller",
            "The correlation becomes weaker, and p larger",
        ),
        answer=_with_the_rio_treaty,
        reveal="Strength and p need not move together. Read both pairs of rows, then ask which allies belong there.",
    ),
)

QUIZ = (
    Question(
        id="12.q1",
        text="A column's printed total has 20 more than its cells. What do you know?",
        options=(
            Option(
                "The smallest cell is wrong: a slip matters most there",
                False,
                "Arithmetic does not know which cell is small. Every cell may lack 20.",
            ),
            Option(
                "The total is wrong: totals are made last",
                False,
                "Perhaps. It is one suspect among eight.",
            ),
            Option(
                "At least one figure is wrong, and you do not know which",
                True,
                "There may also be two errors that partly cancel. A second witness is needed to choose.",
            ),
            Option(
                "Which cell it is, if one changed digit restores the total",
                False,
                "Several cells may need just one digit. In 1967 all seven do, and so does the total.",
            ),
        ),
    ),
    Question(
        id="12.q2",
        text="South Korea's 48,060 in 1969 may be 48,869. What kind of repair is that?",
        options=(
            Option(
                "A guess",
                True,
                "It fits only if the printed total is misread as well. As things stand the gap grows.",
            ),
            Option(
                "A repair with a second witness",
                False,
                "No other page was found that has this figure. That ground holds for New Zealand in 1965.",
            ),
            Option(
                "A choice among cells that restore the total",
                False,
                "It restores nothing: the sum moves away from the printed total.",
            ),
            Option(
                "A reading of the page",
                False,
                "Nobody has looked at the page image for it. It follows from arithmetic alone.",
            ),
        ),
    ),
    Question(
        id="12.q3",
        text="A test reports p = 1/20,001 by Monte Carlo with 20,000 deals. What does that mean?",
        options=(
            Option(
                "Exactly one in 20,001 assignments goes as far",
                False,
                "The deals are a sample of millions. The 1 is the real order, counted as one more deal.",
            ),
            Option(
                "No deal went as far; the real p is small and its size unknown",
                True,
                "More deals could show a smaller p. Say `Monte Carlo` and the number of deals when you report it.",
            ),
            Option(
                "The pattern cannot be due to chance",
                False,
                "It would be rare if chance dealt the seats. Rare things happen, and allies were not dealt by chance.",
            ),
        ),
    ),
    Question(
        id="12.q4",
        text="With 19 far allies that sent none, p falls. Should they be in?",
        options=(
            Option(
                "Yes: more cases are always better",
                False,
                "More cases that could never have come add certainty about the wrong question.",
            ),
            Option(
                "No: they make the finding look too good",
                False,
                "What a case does to the finding is no reason to drop it, nor to keep it.",
            ),
            Option(
                "Yes, since p is smaller",
                False,
                "Then the result has chosen its own sample.",
            ),
            Option(
                "It depends on whether they were candidates at all; show both",
                True,
                "The reason has to come from outside the result. Two columns side by side let readers judge.",
            ),
        ),
    ),
    Question(
        id="12.q5",
        text="Australia votes with the United States more than Thailand does. Both sent soldiers. What follows?",
        options=(
            Option(
                "Australia was more reassured by the war",
                False,
                "The Assembly votes on everything, and old habits weigh most. Reassurance is not on the ballot.",
            ),
            Option(
                "Thailand opposed the war",
                False,
                "It sent a division. A low agreement says with whom it voted on the agenda of those years.",
            ),
            Option(
                "Votes measure something other than a stance on this war",
                True,
                "Region, blocs and the agenda are in them, even net of the year's mean. Read what governments said.",
            ),
        ),
    ),
)
