"""How a network learns: trainer, optimizers, schedules, worker processes, command line."""
