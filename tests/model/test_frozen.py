"""The engine gives the same answers as before its files were moved into rooms.

tests/frozen/ holds five pictures of our own, a small weight file of `lenet`, and the probabilities
that the engine gave then: for `lenet` with that file, for the others with first weights (seed 7).
The gate is younger, and so are its probabilities.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from model import load
from model.variants import VARIANTS, build

FROZEN = Path(__file__).parent.parent / "frozen"
EXPECTED = json.loads((FROZEN / "probabilities.json").read_text())


@pytest.mark.parametrize("name", VARIANTS)
def test_the_probabilities_are_the_same_as_before(name: str) -> None:
    network = load(FROZEN / "lenet.npz") if name == "lenet" else build(name, seed=7)
    pictures = np.load(FROZEN / "pictures.npz")["pictures"]
    for batch in (pictures, pictures / np.float32(255)):
        np.testing.assert_allclose(
            network.predict(batch), EXPECTED[name]["probabilities"], rtol=0, atol=1e-6
        )
    one_by_one = [network.predict(picture) for picture in pictures]
    np.testing.assert_allclose(one_by_one, EXPECTED[name]["probabilities"], rtol=0, atol=1e-6)
