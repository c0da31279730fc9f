"""What goes out of the files' routes."""

from pydantic import BaseModel, ConfigDict


class FileStored(BaseModel):
    """A file as it is kept; its id is the SHA-256 of its bytes."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str
    size: int
    ending: str
