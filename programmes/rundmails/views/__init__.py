"""The pages of Rundmails."""
