"""Every service's whole API fuzzed from its OpenAPI document: no input makes a server error."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from events.catalogue import SERVICES
from hub.compose import create_services
from services.kit.identity import Identity, Signer, private_key
from services.kit.settings import Settings

CALLERS = {
    "everything": Identity("01a20f34-e42c-7580-82f6-997487be1953", ("member", "admin", "hub")),
    "nobody": None,
}


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("name", SERVICES)
def test_no_input_makes_a_server_error(
    name: str, caller: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = request.getfixturevalue("postgres_url") if caller == "everything" else None
    service = create_services(Settings(data_dir=tmp_path, database_url=database), [name])[name]
    schema = schemathesis.openapi.from_asgi("/openapi.json", service.app)
    identity = CALLERS[caller]
    headers = {}
    if identity:
        token = Signer("gateway", private_key(tmp_path, "gateway")).sign(identity, name)
        headers["authorization"] = f"Bearer {token}"
    examples = 200 if request.config.getoption("--soak") else 12
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(operations) == len(list(schema.get_all_operations())) > 0
    try:
        for operation in operations:
            fuzz(operation, headers, examples)
    finally:
        service.database.close()


def fuzz(operation: Any, headers: dict[str, str], examples: int) -> None:
    """Call one operation with many inputs, valid and not."""

    @given(case=operation.as_strategy() | operation.as_strategy(GenerationMode.NEGATIVE))
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=[not_a_server_error])

    call()
