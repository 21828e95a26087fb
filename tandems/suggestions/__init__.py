"""What the computer proposes: criteria with weights, the best per mentee, an assignment."""
