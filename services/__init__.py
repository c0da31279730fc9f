"""The six services and the kit they are built from; none imports another."""
