"""Pure decisions about the community."""

from services.kit.errors import Conflict, Forbidden
from services.kit.language import _


def check_empty(*, set_up: bool) -> None:
    """Raise Conflict when somebody looks after this hub already."""
    if set_up:
        raise Conflict(_("This hub is set up already. Its administrators can change its settings."))


def check_joining(*, joining_open: bool) -> None:
    """Raise Forbidden while the community takes nobody in."""
    if not joining_open:
        raise Forbidden(
            _(
                "This community is not open for new members just now. "
                "If you have been invited, please write to those who look after it."
            )
        )
