"""What the hub costs, against what the same work costs bare, measured in one run."""
