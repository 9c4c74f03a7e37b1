"""The draft desk: what precedents say about each provision of a draft, and about the draft as a whole."""
