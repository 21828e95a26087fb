"""Pages of the pairs: what speaks against them, how they are decided, sealed and reviewed."""
