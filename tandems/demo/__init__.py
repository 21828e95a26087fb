"""The demo data of `manage.py demo`: invented people in the programme's real frame."""
