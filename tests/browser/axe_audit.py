"""Ask axe-core what breaks the rules of accessibility (WCAG 2.2, levels A and AA) in the page as it stands."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "static" / "node_modules" / "axe-core" / "axe.min.js"
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# What axe calls a violation and is none: (rule, part of the selector) and why.
EXCEPTIONS = {
    ("target-size", "#log-scale"): "its label, which presses it too, is as large as a finger",
    ("target-size", ".help-sign"): "the same text stands in the help, whose button is large",
    (
        "label-content-name-mismatch",
        "data-feature",
    ): "the name says the formula that is seen in words: x1 squared for x₁²",
}
# A colour that is just changing is not the one that is read.
SETTLE = """() => document.getAnimations().filter(one => one instanceof CSSTransition).forEach(one => one.finish())"""
ONLY_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


class AxeAudit:
    """Collects the violations of many states of one page, so that one walk tells all of them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.findings: list[str] = []
        # Before the page's own scripts: a script tag is refused by the page's security policy.
        page.add_init_script(path=AXE)

    def look(self, state: str, *, only_colours: bool = False) -> None:
        """Note every violation of the page as it is now, by the state and the selectors."""
        options = ONLY_COLOURS if only_colours else OPTIONS
        self._page.evaluate(SETTLE)
        found = self._page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
        self.findings += [finding for violation in found for finding in _findings(state, violation)]

    def expect_none(self) -> None:
        """Fail with the whole list."""
        assert not self.findings, "\n".join(["axe found:", *self.findings])


def _findings(state: str, violation: dict[str, Any]) -> list[str]:
    return [
        f"{state}: {violation['id']}: {' '.join(map(str, node['target']))}: {_reason(node)}"
        for node in violation["nodes"]
        if not _is_excepted(violation["id"], " ".join(map(str, node["target"])))
    ]


def _is_excepted(rule: str, selector: str) -> bool:
    return any(rule == name and part in selector for name, part in EXCEPTIONS)


def _reason(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(str(check["message"]) for check in checks)
