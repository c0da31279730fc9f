"""Posts: articles, questions, news, good practice, funding and resources."""
