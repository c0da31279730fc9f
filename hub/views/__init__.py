"""What each page gets: one typed view a page, holding only what its template shows."""
