"""All models of the confidential part, for Django's one `migrations/` per app."""
