"""Read: from a report's text to claims with spans, as its words give them. Nothing is looked up here."""
