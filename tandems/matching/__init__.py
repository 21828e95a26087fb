"""The wall: ideas for matches, the voices of the Kommunen, moderated mode, cards."""
