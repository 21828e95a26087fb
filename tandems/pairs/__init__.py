"""Pairs of a mentee and a mentor: what forbids them, how they are decided and sealed."""
