"""What a drawing does to a network, for those who want to look inside."""

from model.insight.replay import MOST_MOMENTS, Moment, replay
from model.insight.training import Stage, read_stages, stages_of

__all__ = ["MOST_MOMENTS", "Moment", "Stage", "read_stages", "replay", "stages_of"]
