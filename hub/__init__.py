"""The gateway people see, and the ways to run the hub."""
