"""The reveal: from which moment a pair is known, and to whom."""
