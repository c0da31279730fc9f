"""The pages, a file a noun: what was asked to a view, and a view to a template."""
