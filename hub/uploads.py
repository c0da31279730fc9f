"""Forms that bring files: the same strictness as others, and what each file is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from hub.forms import MOST_FIELDS, BadForm, Form
from hub.settings import Settings
from services.kit.errors import TooLarge
from services.kit.files import most_words
from services.kit.language import _

MOST_FILES = 10


@dataclass(frozen=True)
class Upload:
    """One file as it came: its bytes, and what its owner calls it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class FilesForm(Form):
    """A form with the files that came with it."""

    files: Mapping[str, Sequence[Upload]] = field(default_factory=dict)

    def file(self, name: str) -> Upload | None:
        """The file of a field; None when none was chosen."""
        found = self.files.get(name)
        return found[-1] if found else None

    def only(self, *names: str) -> None:
        """The same for fields of files."""
        super().only(*names)
        Form(dict.fromkeys(self.files, ())).only(*names)


async def read_files_form(request: Request) -> FilesForm:
    """FastAPI dependency: the posted form with its files; raises BadForm, TooLarge."""
    settings: Settings = request.app.state.settings
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise BadForm(_("Forms with files are sent as multipart/form-data."))
    values: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    try:
        # Text without an end to it must not stay in memory: its limit is that of all forms.
        parts = request.form(
            max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=settings.body_limit
        )
        async with parts as form:
            for name, value in form.multi_items():
                if not isinstance(value, UploadFile):
                    values.setdefault(name, []).append(value)
                elif value.filename:
                    if (value.size or 0) > settings.upload_limit:
                        raise TooLarge(most_words(settings.upload_limit))
                    upload = Upload(value.filename, await value.read())
                    files.setdefault(name, []).append(upload)
    except HTTPException as error:
        raise BadForm(_("Nothing was saved; please send it again.")) from error
    return FilesForm(values, files=files)


PostedFiles = Annotated[FilesForm, Depends(read_files_form)]
