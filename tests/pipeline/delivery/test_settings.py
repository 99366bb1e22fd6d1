"""The settings file: teams, never persons; no secret in it; repeats to the lead alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from peelian.domain.errors import Misuse
from peelian.pipeline.context import Context
from peelian.pipeline.delivery.reading import FORM, delivery_from
from peelian.pipeline.setting_warnings import delivery_held, import_delivery
from tests.workspaces import fresh


def test_the_form_that_is_shown_is_one_that_is_taken(tmp_path: Path) -> None:
    ctx = Context(fresh(tmp_path / "home"))
    (tmp_path / "told.toml").write_text(FORM)
    made = import_delivery(ctx, tmp_path / "told.toml")
    assert delivery_held(ctx) == made
    assert [one.name for one in made.told("rise", "asb", "SIM")] == ["north"]
    assert [one.name for one in made.told("repeats", "asb", "SIM")] == ["asb"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("north.neighbourhood@", "jane.smith@", "looks like a person's"),
        ("north.neighbourhood@force.example", "north", "no address"),
        ('user_env = "PEELIAN_SMTP_USER"', 'password = "hunter2"', "a secret stands in the file"),
        ('next = "duty"', 'next = "nobody"', "no other recipient"),
        ('next = "duty"', 'next = "north"', "no other recipient"),
        ('kinds = []', 'kinds = ["repeats"]', "repeat reports"),
        ('kinds = ["repeats"]', 'kinds = ["repeats"]\nnext = "duty"', "would be told of repeat reports"),
        ('kinds = ["repeats"]', 'kinds = ["rumour"]', "a kind that is none"),
        ("https://desk.force.example/warnings", "http://desk.force.example/", "not https"),
        ('secret_env = "PEELIAN_DESK_SECRET"', "", "no secret to sign with"),
        ('name = "asb"', 'name = "north"', "the same name"),
        ('tls = "starttls"', 'tls = "none"', "in the open"),
        ('tls = "starttls"', 'tls = "maybe"', "mail server is not told"),
        ('role = "asb lead"', 'role = ""', "no role"),
        ("unseen_hours = 24", "unseen_hours = 0", "out of range"),
        ("unseen_hours = 24", 'colour = "red"', "a setting that is none"),
        ('page = "https://peelian.force.example"', 'page = "javascript:alert(1)"', "no address"),
        ("[smtp]", '[webhooks]\nnetworks = ["10.0.0"]\n[smtp]', "network"),
        ('email = "asb.lead@council.example"', "", "exactly one channel"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_what_is_wrong(old: str, new: str, said: str) -> None:
    assert old in FORM
    with pytest.raises(Misuse) as caught:
        delivery_from(tomllib.loads(FORM.replace(old, new, 1)))
    assert said in caught.value.sentence
    assert "jane" not in caught.value.sentence
    assert "hunter2" not in caught.value.sentence


@pytest.mark.parametrize("content", ["no toml at all", "\x00", "recipient = 3"])
def test_other_files_are_refused(tmp_path: Path, content: str) -> None:
    ctx = Context(fresh(tmp_path / "home"))
    (tmp_path / "told.toml").write_text(content)
    with pytest.raises(Misuse):
        import_delivery(ctx, tmp_path / "told.toml")
    with pytest.raises(Misuse):
        import_delivery(ctx, tmp_path / "none.toml")
    assert delivery_held(ctx).recipients == ()
