"""Codes of reasons why no value-added tax is due (BT-121)."""

_ENDS = (
    "79-C 132 132-1A 132-1B 132-1C 132-1D 132-1E 132-1F 132-1G 132-1H 132-1I 132-1J 132-1K "
    "132-1L 132-1M 132-1N 132-1O 132-1P 132-1Q 135-1 143 143-1A 143-1B 143-1C 143-1D 143-1E "
    "143-1F 143-1FA 143-1G 143-1H 143-1I 143-1J 143-1K 143-1L 144 146-1E 159 309 148 148-A "
    "148-B 148-C 148-D 148-E 148-F 148-G 151 151-1A 151-1AA 151-1B 151-1C 151-1D 151-1E G O IC "
    "AE D F I J 153 "
)
CODES = frozenset(f"VATEX-EU-{end}" for end in _ENDS.split())
"""The code list VATEX of the European Commission, as rule BR-CL-22 takes it, without those that
only French law knows."""
