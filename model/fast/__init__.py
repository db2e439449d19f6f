"""The same numbers as model/nn/, faster: a fused training step and one inference pass."""
