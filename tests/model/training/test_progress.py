"""Loss and accuracy over several batches."""

from model.training.progress import Progress, RunningMeans


def test_loss_and_accuracy_are_means_over_all_examples() -> None:
    means = RunningMeans()
    means.add(4, 8.0, 3)
    means.add(4, 0.0, 1)
    assert means.loss == 1.0
    assert means.accuracy == 0.5


def test_the_accuracy_of_one_example_is_zero_or_one() -> None:
    for correct in (0, 1):
        means = RunningMeans()
        means.add(1, 3.0, correct)
        assert means.accuracy == correct


def test_a_run_begins_with_zero_steps_and_epochs() -> None:
    assert Progress() == Progress(0, 0, RunningMeans(0, 0.0, 0), RunningMeans(0, 0.0, 0))
