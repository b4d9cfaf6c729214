"""Two ways to work a page: with a mouse, and with nothing but the keyboard."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page

STOPS = 600
"""Presses of Tab after which an element counts as out of the keyboard's reach."""


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, button: Locator) -> None:
        button.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def tick(self, box: Locator, on: bool = True) -> None:
        box.set_checked(on)

    def choose(self, choice: Locator) -> None:
        """One of several radio buttons; where a draft's line appears above it meanwhile and moves
        it away, once more, as a hand would."""
        choice.click()
        if not choice.is_checked():
            choice.check()

    def select(self, field: Locator, value: str) -> None:
        field.select_option(value)

    def bring(self, field: Locator, *files: Path) -> None:
        field.set_input_files([str(each) for each in files])


class Keyboard(Mouse):
    """Tab, arrows, space and return; the mouse stays where it is."""

    def press(self, button: Locator) -> None:
        self._reach(button)
        self.page.keyboard.press("Enter")
        self.page.wait_for_timeout(200)  # until what it may lead to has begun to load
        self.page.wait_for_load_state("networkidle")

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, box: Locator, on: bool = True) -> None:
        self._reach(box)
        if box.is_checked() != on:
            self.page.keyboard.press("Space")

    def choose(self, choice: Locator) -> None:
        name = choice.get_attribute("name")
        self._reach(choice, f"input[type=radio][name='{name}']")
        for _ in range(20):
            if choice.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        if not choice.is_checked():
            self.page.keyboard.press("Space")
        assert choice.is_checked()

    def select(self, field: Locator, value: str) -> None:
        self._reach(field)
        self.page.keyboard.press("Home")
        for _ in range(50):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not to be reached with arrows")

    def bring(self, field: Locator, *files: Path) -> None:
        """The field is reached by keyboard; the dialog it opens is the system's, not the page's."""
        self._reach(field)
        super().bring(field, *files)

    def _reach(self, element: Locator, group: str = "") -> None:
        """Press Tab until the element, or one of its group, has the focus."""
        handle = element.element_handle()
        for _ in range(STOPS):
            here = self.page.evaluate(
                "([e, group]) => e === document.activeElement"
                " || (group && document.activeElement.matches(group))",
                [handle, group],
            )
            if here:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{element} cannot be reached with the keyboard")
