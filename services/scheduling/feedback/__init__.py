"""Feedback: what people say of a gathering when it is over."""
