"""Training: the loop, optimizers, schedules, worker processes, checkpoints, the command line."""
