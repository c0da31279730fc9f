"""Demo-cases: what a region wants to try, and the expertise it needs."""
