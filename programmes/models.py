"""All models of the frame, for Django's one `migrations/` per app."""
