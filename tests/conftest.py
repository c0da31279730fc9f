"""What all tests share: the real parts, and a hub that runs in this process."""

pytest_plugins = ["tests.real.fixtures"]
