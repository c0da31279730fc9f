"""The real broker, database, mail server, browser and calendar parser that the tests run against."""
