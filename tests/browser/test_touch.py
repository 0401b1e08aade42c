"""Under fingers everything that can be pressed is 44 px large, or has that much room for itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser

# What may be smaller, by selector, and why.
EXCEPTIONS = {
    ".bias": "sits at the corner of its unit; the card of the unit has the same number in a large field",
    "#first-example": "ends a sentence; Examples in the bar opens the same and is large",
    ".help-sign": "a sign in the line of a name; the help of the bar says the same and is large",
}

# A control in a label is pressed by the whole label. Small ones count as large when a square of 44 px around their
# middle meets no other target: a finger that misses them hits nothing else.
TOO_SMALL = """exceptions => {
  const SIZE = 44;
  const kinds = "a[href], button, input, select, textarea, summary, [role=slider], [role=application]";
  const isFixed = element => {
    for (let at = element; at; at = at.parentElement) if (getComputedStyle(at).position === "fixed") return true;
    return false;
  };
  const open = document.querySelector("dialog:modal") ?? document.body;
  const isShown = element => element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled");
  const seen = [...open.querySelectorAll(kinds)].filter(isShown);
  const targets = [...new Set(seen.map(element => element.closest("label") ?? element))].map(element => ({
    element, box: element.getBoundingClientRect(), isFixed: isFixed(element),
  })).filter(({ box }) => box.width > 2 && box.height > 2);
  const meets = ({ box: a, element: one, isFixed: first }, { box: b, element: other, isFixed: second }) => {
    if (one === other || first !== second || one.contains(other) || other.contains(one)) return false;
    if (one.closest("dialog[open]") !== other.closest("dialog[open]")) return false; // a card lies over the page
    const x = a.x + a.width / 2, y = a.y + a.height / 2;
    const halfWidth = Math.max(SIZE, a.width) / 2 - 0.6, halfHeight = Math.max(SIZE, a.height) / 2 - 0.6;
    return x - halfWidth < b.right && x + halfWidth > b.left && y - halfHeight < b.bottom && y + halfHeight > b.top;
  };
  const isLarge = ({ box }) => box.width >= SIZE - 0.6 && box.height >= SIZE - 0.6;
  const nameOf = ({ element, box }) => {
    const name = element.ariaLabel ?? element.textContent.trim().slice(0, 30);
    const mark = element.id ? "#" + element.id : "." + [...element.classList].join(".");
    return `${element.localName}${mark} "${name}" ${Math.round(box.width)}x${Math.round(box.height)}`;
  };
  const small = targets.filter(target => !isLarge(target) && !target.element.matches(exceptions));
  return small.flatMap(target => {
    const near = targets.find(other => !other.element.matches(exceptions) && meets(target, other));
    return near ? [`${nameOf(target)} beside ${nameOf(near)}`] : [];
  });
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page under fingers."""
    context = browser.new_context(
        locale="en-US", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


def test_every_control_has_room_for_a_finger(watched: WatchedPage, server: RunningServer) -> None:
    page, small = watched.page, {}
    for name in ("Quality", "Layers", "Runs", "Code"):
        page.get_by_role("tab", name=name, exact=True).tap()
        small[name] = _too_small(page)
    for name in ("Examples", "Share", "Help", "More settings"):
        watched.button(name).tap()
        expect(page.locator("dialog[open]")).to_be_visible()
        small[name] = _too_small(page)
        page.keyboard.press("Escape")
    for name in ("settings of layer 1", "Bias of the final unit"):
        page.get_by_role("button", name=name).first.tap()
        small[name] = _too_small(page)
        page.keyboard.press("Escape")
    watched.button("Add points").tap()
    small["Add points"] = _too_small(page)

    lines = {line: state for state, found in small.items() for line in found}
    assert not lines, "\n".join(f"{state}: {line}" for line, state in lines.items())


def _too_small(page: Page) -> list[str]:
    return list(page.evaluate(TOO_SMALL, ", ".join(EXCEPTIONS)))
