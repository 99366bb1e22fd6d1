"""How `--help` lists commands: by what one wants to do, and no purpose cut short."""

from __future__ import annotations

from typing import Any, Final

from typer.core import TyperGroup

from peelian.cli.examples import EXAMPLES, FIRST_STEPS

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "Start": ("demo", "serve", "briefing"),
    "Bring data in": (
        "map", "ingest", "coverage", "quarantine", "agreement", "context", "areas", "basemap", "review",
    ),
    "Forecast, and judge the forecast": (
        "forecast", "backtest", "gate", "concentration", "validate", "lineage", "nij",
    ),
    "Several agencies": ("link", "overlap"),
    "Live, and early warnings": ("feed", "listen", "replay", "warn", "warning"),
    "Decide, act, find out": (
        "plan", "problem", "decide", "interventions", "intervention", "design", "evaluate-intervention",
        "return",
    ),
    "Answer for it": (
        "account", "audit", "release", "fairness", "transparency", "deployment", "challenge", "erase",
    ),
    "Keep it running": ("work", "backup", "restore", "seal", "db", "simulate"),
}  # fmt: skip
WHOLE: Final = 10_000
"""Room for any purpose: it is wrapped, not cut."""


class Listed(TyperGroup):
    """A command with commands of its own, each with its whole purpose."""

    def sections(self, names: list[str]) -> dict[str, tuple[str, ...]]:
        """Give the titles under which the names stand."""
        return {"Commands": tuple(names)}

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list."""
        held = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        for title, names in self.sections(list(held)).items():
            rows = [(name, one.get_short_help_str(WHOLE)) for name in names if (one := held.get(name))]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


class Sections(Listed):
    """The root command: its commands in sections, and examples where a command has some."""

    def sections(self, names: list[str]) -> dict[str, tuple[str, ...]]:
        """Give the sections; a command that none names comes last, under "Others"."""
        named = {one for some in SECTIONS.values() for one in some}
        return {**SECTIONS, "Others": tuple(name for name in names if name not in named)}

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give a command, with its examples beneath its help."""
        found = super().get_command(ctx, cmd_name)
        if found is not None and cmd_name in EXAMPLES:
            found.epilog = "\b\nFor example:\n" + "\n".join(f"  {one}" for one in EXAMPLES[cmd_name])
        return found

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the first steps."""
        with formatter.section("First steps"):
            formatter.write_dl(FIRST_STEPS, col_max=40)
