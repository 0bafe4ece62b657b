"""Files to join to a form."""

from __future__ import annotations

from .answers import Answer, given


class Files(Answer):
    """Files to join. They are stored when they arrive; ``data`` holds what the store gave back for each.

    ``keep`` are the files already received on an earlier try or page, so that an error never loses one.
    """

    kind = "files"
    multiple = True
    accept = ""

    def __init__(self, label: str, **kwargs) -> None:
        super().__init__(label, **kwargs)
        self.data, self.uploads = [], []

    def process(self, formdata, data=None, extra_filters=None) -> None:
        self.process_errors = []
        self.data = list(given(data) or [])
        if formdata is not None:
            removed = set(formdata.getlist(f"{self.name}-retirer"))
            self.data = [item for item in self.data if item["id"] not in removed]
            self.uploads = [upload for upload in formdata.getlist(self.name) if getattr(upload, "filename", "")]

    def refill(self, value: object) -> None:
        self.data = list(value or [])

    def say(self) -> str:
        return ", ".join(item["name"] for item in self.data)


class OneFile(Files):
    """A single file, read and given back at once: nothing is stored."""

    multiple = False
    accept = "application/pdf,.pdf"

    @property
    def empty(self) -> bool:
        return not self.uploads
