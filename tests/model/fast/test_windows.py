"""The arrays of a fused step: the matrix of kernels, the table of patches, the members."""

import numpy as np

from model.fast.windows import KernelMatrix, Workspace, by_offset, patch_table
from model.nn.layers import Conv2D

RNG = np.random.default_rng(12)
PLACES = [(0, 0), (0, 1), (1, 0), (1, 1)]  # of the members of a 2 × 2 window


def test_the_kernel_matrix_is_written_again_only_after_a_change() -> None:
    conv = Conv2D(1, 2, kernel=3)
    conv.parameters["weight"][...] = RNG.normal(size=(2, 1, 3, 3))
    kernels = KernelMatrix(conv, np.dtype(np.float32))
    matrix = kernels.refresh()
    assert matrix.shape == (8, 17)
    for rows, (i, j) in zip(matrix.reshape(4, 2, 17), PLACES, strict=True):
        frames = np.zeros((2, 1, 4, 4), np.float32)
        frames[:, :, i : i + 3, j : j + 3] = conv.parameters["weight"]
        assert np.array_equal(rows[:, :-1], by_offset(frames).reshape(2, 16))
    matrix[...] = 5
    assert (kernels.refresh() == 5).all()
    conv.parameters["bias"][1] = 3
    assert kernels.refresh()[:, -1].tolist() == [0, 3] * 4


def test_a_patch_table_says_where_the_elements_of_each_patch_lie() -> None:
    maps = RNG.normal(size=(2, 8, 6))
    patches = maps.reshape(-1)[patch_table(maps.shape, 4)]
    assert patches.shape == (2 * 16, 3 * 2)
    assert np.array_equal(patches[:, 3], by_offset(maps[:, 2:6, 2:6]).reshape(-1))


def test_patches_are_ordered_by_steps_of_two_pixels_then_by_channel_then_by_parity() -> None:
    patches = RNG.normal(size=(3, 2, 6, 6))  # of three maps
    ordered = by_offset(patches)
    assert ordered.shape == (3, 3, 3, 2, 2, 2)
    for i, j, channel, row, column in np.ndindex(3, 3, 2, 2, 2):
        wanted = patches[:, channel, 2 * i + row, 2 * j + column]
        assert np.array_equal(ordered[:, i, j, channel, row, column], wanted)


def test_the_members_of_a_workspace_are_the_maps_of_the_plain_convolution() -> None:
    conv = Conv2D(2, 3, kernel=3)
    conv.parameters = {k: RNG.normal(size=a.shape) for k, a in conv.parameters.items()}
    x = RNG.normal(size=(2, 8, 10, 3))
    work = Workspace(conv, x.shape, x.dtype)
    work.multiply(work.source(x))
    assert np.allclose(work.interleaved(), conv.forward(x)[0])
    assert not work.planes[4].any()
    assert (work.patches[-1] == 1).all()
    assert work.scratch("a", (2, 3), bool) is work.scratch("a", (2, 3), bool)
    assert work.scratch("b", (2,), np.float32).dtype == np.float32
