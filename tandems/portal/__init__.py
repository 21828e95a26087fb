"""The pages of mentee and mentor: their dates, their tandem, their documents."""
