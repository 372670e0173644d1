"""The training history's pages: the facilitator's, the learner's, and the public proof."""
