"""Figures with their budgets: one line each on the screen, all of them as JSON."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value; without a budget it is only told."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False

    @property
    def verdict(self):
        if self.budget is None:
            return "told"
        kept = self.value >= self.budget if self.at_least else self.value <= self.budget
        return "ok" if kept else "MISSED"

    def line(self):
        sign = ">=" if self.at_least else "<="
        budget = f"{sign} {self.budget:g}" if self.budget is not None else "-"
        return f"{self.name:46} {self.value:12.4g} {self.unit:10} {budget:12} {self.verdict}"


class Report:
    """Collects figures and shows each at once."""

    def __init__(self):
        self.figures = []

    def tell(self, *args, **more):
        figure = Figure(*args, **more)
        self.figures.append(figure)
        print(figure.line(), flush=True)

    def missed(self):
        return [figure for figure in self.figures if figure.verdict == "MISSED"]

    def save(self, path):
        rows = [asdict(figure) | {"verdict": figure.verdict} for figure in self.figures]
        path.write_text(json.dumps(rows, indent=1) + "\n")
