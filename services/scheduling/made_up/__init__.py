"""What the demonstration brought, which can be taken away again."""
