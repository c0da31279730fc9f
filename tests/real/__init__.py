"""The real broker, database, mail server, browser and calendar parser for the tests."""
