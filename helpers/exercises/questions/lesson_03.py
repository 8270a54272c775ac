"""Questions of lesson 03, Who pays?: the warm-up, the prediction and the quiz."""

from __future__ import annotations

from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question

WARM_UP = (
    Question(
        id="03.w1",
        text="A guardian sends soldiers to an ally's country. Whom does *assurance* address?",
        options=(
            Option(
                "The enemy, who is kept from attacking",
                False,
                "That is deterrence. Its audience is the adversary.",
            ),
            Option(
                "The ally, who is to feel protected",
                True,
                "Lesson 01: assurance and deterrence differ in the audience, not in the number of soldiers.",
            ),
            Option(
                "The guardian's own citizens, who pay",
                False,
                "They may listen as well. But the word says that a friend is to feel protected.",
            ),
        ),
    ),
    Question(
        id="03.w2",
        text='The column `nato` is 1 in each year of a membership. What does `panel[panel["nato"] == 1]` hold?',
        options=(
            Option(
                "One row for each member",
                False,
                "A member has a row for every year. For one row each, choose a year as well.",
            ),
            Option(
                "All rows of every state that ever was a member",
                False,
                "Rows from before a state joined have a 0, and are gone.",
            ),
            Option(
                "Every year of every membership, so the list of members differs from year to year",
                True,
                "Say of which year you speak, and whose list you follow.",
            ),
        ),
    ),
    Question(
        id="03.w3",
        text="Two figures of one country come from two editions of a source. The second is lower. What follows?",
        options=(
            Option(
                "Nothing yet: the edition may count other things",
                True,
                "First ask what each edition counts, and of what it takes the share. The codebook lists the breaks.",
            ),
            Option(
                "The country spent less", False, "Or somebody counts otherwise. Lesson 01 had such a jump."
            ),
            Option(
                "One of the two is wrong",
                False,
                "Both can be right by their own definition. They are just not two points of one line.",
            ),
        ),
    ),
)

ANSWERS = (
    "0.5 or more: the smaller clearly pay less",
    "Between 0.2 and 0.5: the smaller pay a little less",
    "Between -0.2 and 0.2: size tells next to nothing",
    "-0.2 or less: the smaller pay more",
)


def _which(context: Context) -> int:
    panel = context.load("allies_panel")
    allies = panel[(panel["year"] == 1969) & (panel["nato"] == 1) & (panel["unit"] != "USA")]
    found = allies["gnp_usd_mn_current"].corr(allies["milex_pct_gdp"], method="spearman")
    return sum(found < bound for bound in (0.5, 0.2, -0.2))


PREDICTIONS = (
    Prediction(
        id="03.1",
        text=(
            "NATO in 1969, without the guardian: thirteen allies with figures. Rank them by national product and by "
            "burden. How large is the rank correlation of the two?"
        ),
        options=ANSWERS,
        answer=_which,
        reveal="That is what all thirteen give together. Go on, and see how few of them it takes to change it.",
    ),
)

QUIZ = (
    Question(
        id="03.q1",
        text="In the table of step 4, all have the same taste. Why does Small pay nothing?",
        options=(
            Option(
                "It cares less about defence",
                False,
                "All had the same taste. The result needs no difference in character.",
            ),
            Option(
                "It is too poor to pay",
                False,
                "Alone it would pay the same share as Large. Its burden falls because others pay.",
            ),
            Option(
                "What the large one buys is already more than the small one would want in all",
                True,
                "That is the corner of its best response. Nothing about character is needed.",
            ),
            Option(
                "The large one forces it to disarm",
                False,
                "Nobody gives orders here: each chooses freely.",
            ),
        ),
    ),
    Question(
        id="03.q2",
        text="A guardian deploys one more billion, and the model's only buyer spends 0.95 billion less. What follows?",
        options=(
            Option(
                "In the model, if the good is purely common, the buyer's taste is 0.05",
                True,
                "The number is a consequence of assumptions. Whether hosts act so is a question for data.",
            ),
            Option(
                "US troops abroad lower the allies' spending by 95 per cent",
                False,
                "No host was looked at. A model says what follows from its assumptions.",
            ),
            Option(
                "The allies are ungrateful",
                False,
                "Anybody with these preferences would do so.",
            ),
            Option(
                "The deployment makes all less safe",
                False,
                "Total defence still rises a little: less is taken back than was added.",
            ),
        ),
    ),
    Question(
        id="03.q3",
        text="Leave three of thirteen cases out, and a rank correlation rises from about 0 to 0.6. What may you say?",
        options=(
            Option(
                "The true value is 0.6, since outliers disturb",
                False,
                "Ranks have no outliers in that sense, and the three were chosen by what they do to the result.",
            ),
            Option(
                "The true value is 0, since all data must be used",
                False,
                "A reason given beforehand can exclude cases. But it must not be the result.",
            ),
            Option(
                "It hangs on these three, and other threes move it the other way: report that",
                True,
                "All answers together say more than the one that somebody picked.",
            ),
            Option(
                "The three figures must be wrong",
                False,
                "They may be quite right. That a case is unlike the others is no evidence of a slip.",
            ),
        ),
    ),
    Question(
        id="03.q4",
        text="Why must 1969 and 2023 not be read as two points of one line?",
        options=(
            Option(
                "Money is worth less today",
                False,
                "Shares and ranks do not depend on that. Other things changed.",
            ),
            Option(
                "Fifty years are too long for any comparison",
                False,
                "A series that counts the same all the time could be compared. This one does not.",
            ),
            Option(
                "The correlation was not significant in 1969",
                False,
                "Significance has no part in it: the measures differ, whatever the result.",
            ),
            Option(
                "Source, definition, base and the list of members all changed between",
                True,
                "GNP became GDP, one source followed another, and the alliance more than doubled.",
            ),
        ),
    ),
)
