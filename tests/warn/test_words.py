"""Titles and sentences: plain, true of what was counted, and never of a smaller place than may be shown."""

from __future__ import annotations

from peelian.domain.target import TARGETS
from peelian.domain.warning import REPEATS_WORDS
from peelian.domain.warning_words import sentence, text
from peelian.warn.combine import combine
from peelian.warn.words import counted, set_off_by, title
from tests.warn.combining import found, quiet, signal
from tests.warnings_made import made


def test_every_target_has_titles_without_brackets() -> None:
    for target in TARGETS:
        for kind in ("rise", "escalation", "repeats"):
            words = title(kind, target)
            assert words[0].isupper()
            assert "(" not in words
    assert title("repeats", "asb").lower() == REPEATS_WORDS


def test_one_sentence_a_detector_and_none_of_its_own_for_repeats() -> None:
    series = quiet()
    one, again = signal(series, [3], why="at Mill Lane"), signal(series, [4], why="at High Street")
    other = signal(series, [3], detector="cusum")
    assert set_off_by([one, again, other], False) == ("at Mill Lane", counted(other))
    assert not any("Lane" in line for line in set_off_by([one, other], True))


def test_an_escalation_is_never_said_to_be_reports_of_its_target() -> None:
    why = "40 reports of anti-social behaviour since 3 February 2025 where 12.0 are usual"
    one = made(kind="escalation", target="violence", set_off_by=(why,))
    assert sentence(one) == f"{why}."
    assert "reports of violence" not in text(one, "https://example.org/w")
    assert "signs that violence in public places" in text(one, "https://example.org/w")
    assert sentence(made()).startswith("Since 28 September 2026, 35 reports of anti-social behaviour")


def test_what_a_combined_warning_says_holds_its_numbers() -> None:
    series = quiet()
    (one,) = combine({"cusum": (series, found(series, signal(series, [44], detector="cusum")))},
                     area="SIM", as_of=series.end)  # fmt: skip
    assert one.set_off_by == (
        "4 reports since 17 February 2025 where 4.0 were expected: more than usual, week after week",
    )
