"""Questions of lesson 08, Reading a null: the warm-up, a prediction and the quiz."""

from __future__ import annotations

from helpers.exercises.questions import Option, Prediction, Question

WARM_UP = (
    Question(
        id="08.w1",
        text="Twelve tests, none of a real effect, and one has p = 0.03. What does Holm's correction do?",
        options=(
            Option(
                "It asks more of the smallest p-value, so that any false find is rare",
                True,
                "The smallest is multiplied by twelve, and is then far from 0.05.",
            ),
            Option(
                "It proves that the effect is zero",
                False,
                "No correction proves anything of the kind. It only withholds a claim.",
            ),
            Option(
                "It drops the outcomes that were not significant",
                False,
                "All tests stay in the family. Dropping after looking is what it guards against.",
            ),
        ),
    ),
    Question(
        id="08.w2",
        text="You field the same survey again, with new people, and take the difference in means. What will differ?",
        options=(
            Option(
                "Nothing, if people were assigned by chance",
                False,
                "Chance is the reason why it does differ.",
            ),
            Option(
                "The true average effect",
                False,
                "For the same population and texts that stays. The estimate moves around it.",
            ),
            Option(
                "The estimate, by about its standard error",
                True,
                "That is what a standard error says: how far estimates scatter from one sample to the next.",
            ),
        ),
    ),
    Question(
        id="08.w3",
        text="What does a 95 % interval promise?",
        options=(
            Option(
                "That 95 of 100 people lie in it",
                False,
                "It is about an average effect, not about people.",
            ),
            Option(
                "That 95 of 100 such intervals hold what they estimate",
                True,
                "Any one of them does or does not. The promise is about the procedure.",
            ),
            Option(
                "That the effect is zero if it holds zero",
                False,
                "It then holds zero and many other values, each as little ruled out.",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="08.1",
        text=(
            "A made-up world in which no text moves anybody. Two hundred pilots are fielded there, each with 150 "
            "people in each arm. How many of them can rule out, at the usual level, every effect of 0.2 points or "
            "more, up or down?"
        ),
        options=(
            "Nearly all, about 190: there is nothing to find",
            "About half",
            "A few, about 10",
            "None",
        ),
        answer=lambda _context: 3,
        reveal=(
            "With so few people the 90 % interval reaches farther to each side than 0.2, whatever the estimate. Such a "
            "pilot could not have said so even with an estimate of exactly zero."
        ),
    ),
)

QUIZ = (
    Question(
        id="08.q1",
        text="A survey reports: effect +0.05, 95 % interval from -0.22 to +0.32, p = 0.72. What follows?",
        options=(
            Option(
                "There is no effect",
                False,
                "The interval holds 0.3 as well as 0. The survey rules out neither.",
            ),
            Option(
                "There is an effect of 0.05",
                False,
                "That is the best single guess. The data fit many others nearly as well.",
            ),
            Option(
                "Effects beyond about 0.3 are unlikely to be behind it; zero and 0.2 are both still possible",
                True,
                "An interval tells what is left. Whether that is little enough depends on what would matter.",
            ),
            Option(
                "With probability 0.72 there is no effect",
                False,
                "A p-value is how often chance alone would give as much, not how likely it is that chance alone was at "
                "work.",
            ),
        ),
    ),
    Question(
        id="08.q2",
        text="Which decides how small an effect a survey can find?",
        options=(
            Option(
                "Whether its result was significant",
                False,
                "That is known only afterwards, and hangs on luck as well.",
            ),
            Option(
                "The number of people, the spread of their answers, the level of the test",
                True,
                "All three are known, or can be guessed well, before anybody is asked.",
            ),
            Option(
                "The estimate that it found",
                False,
                "Power computed from the estimate is only the p-value said in another way.",
            ),
        ),
    ),
    Question(
        id="08.q3",
        text="Where should the smallest effect of interest come from?",
        options=(
            Option(
                "From the interval that was found",
                False,
                "Bounds that are drawn around the result always fit it.",
            ),
            Option(
                "From the standard error: twice its size",
                False,
                "Then a poor survey would make large effects uninteresting.",
            ),
            Option(
                "From a table of small, medium and large effects",
                False,
                "A table knows nothing of your theory. What counts as small there may matter here.",
            ),
            Option(
                "From an argument about what would matter, written down beforehand",
                True,
                "Such as: how many people would have to feel differently for the theory to be worth keeping?",
            ),
        ),
    ),
    Question(
        id="08.q4",
        text="Only one in five feels protected, with forces and without. What does that say about assurance?",
        options=(
            Option(
                "The level is low, and the effect is near zero: presence makes no difference to how people feel",
                True,
                "It is the lack of a difference that hurts a theory which needs an effect.",
            ),
            Option(
                "Assurance fails because so few feel protected",
                False,
                "With one in five with forces and nobody without, few would feel protected and assurance would work.",
            ),
            Option(
                "Nothing: one in five is still somebody",
                False,
                "They feel protected without forces too, so forces cannot be the reason.",
            ),
        ),
    ),
    Question(
        id="08.q5",
        text="An estimate is significant, and its 90 % interval lies inside the bounds. What do you write?",
        options=(
            Option(
                "That the two tests contradict each other",
                False,
                "They answer different questions: is it zero, and is it large enough to matter?",
            ),
            Option(
                "That there is an effect, and that it is too small to matter by the bounds set beforehand",
                True,
                "With very many people nearly every true effect is significant. That is when bounds help most.",
            ),
            Option(
                "Only that it is significant",
                False,
                "Then a reader will take it for something that matters.",
            ),
        ),
    ),
)
