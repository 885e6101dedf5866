"""The knowledge base: articles, how they are indexed and searched, and how far an answer can be trusted."""
