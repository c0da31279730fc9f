"""Organisations: companies, labs, hospitals, universities, authorities, associations."""
