"""What a browser would send: the fields of a form on a page, as they stand."""

from html.parser import HTMLParser
from typing import Any


class _FormReader(HTMLParser):
    """Collect the successful controls of one form; what stands in a template is not on the page."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.fields: dict[str, list[str]] = {}
        self.inside = self.in_template = self.is_multiple = False
        self.name: str | None = None
        self.text: list[str] | None = None
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag == "form":
            self.inside = own.get("id", "") == self.form_id or not self.form_id
        if tag == "template":
            self.in_template = True
        name = own.get("name")
        if not self.inside or self.in_template:
            return
        if tag == "input" and name:
            self._input(name, own)
        elif tag == "textarea":
            self.name, self.text = name, []
        elif tag == "select":
            self.name, self.options = name, []
            self.is_multiple = "multiple" in own
        elif tag == "option" and self.name:
            self.options.append((own.get("value") or "", "selected" in own))

    def _input(self, name: str, own: dict[str, str | None]) -> None:
        kind = own.get("type", "text")
        if kind in ("submit", "button") or (kind in ("checkbox", "radio") and "checked" not in own):
            return
        default = "on" if kind == "checkbox" else ""
        self.fields.setdefault(name, []).append(own.get("value") or default)

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "template":
            self.in_template = False
        elif tag == "textarea" and self.text is not None and self.name:
            # The first line end after the tag is no part of the text; browsers send CR LF.
            text = "".join(self.text).removeprefix("\r\n").removeprefix("\n")
            self.fields[self.name] = [text.replace("\r\n", "\n").replace("\n", "\r\n")]
            self.name = self.text = None
        elif tag == "select" and self.name:
            chosen = [value for value, is_selected in self.options if is_selected]
            first = [] if self.is_multiple else [value for value, _ in self.options[:1]]
            self.fields[self.name] = chosen or first
            self.name = None


def fields_of_form(response: Any, form_id: str = "") -> dict[str, Any]:
    """Return what a browser would send of the form with this id (empty: of all forms)."""
    reader = _FormReader(form_id)
    reader.feed(response.content.decode())
    return {
        name: values[0] if len(values) == 1 else values for name, values in reader.fields.items()
    }
