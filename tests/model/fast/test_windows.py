"""The arrays of a fused step: the matrix of kernels, the table of patches, the members."""

import numpy as np

from model.fast.windows import KernelMatrix, Workspace, patch_table
from model.nn.layers import Conv2D

RNG = np.random.default_rng(12)


def test_the_kernel_matrix_is_written_again_only_after_a_change() -> None:
    conv = Conv2D(1, 2, kernel=3)
    conv.parameters["weight"][...] = RNG.normal(size=(2, 1, 3, 3))
    kernels = KernelMatrix(conv, np.dtype(np.float32))
    matrix = kernels.refresh()
    assert matrix.shape == (8, 17)
    frames = matrix[:, :-1].reshape(4, 2, 4, 4)
    for frame, (i, j) in zip(frames, [(0, 0), (0, 1), (1, 0), (1, 1)], strict=True):
        assert np.array_equal(frame[:, i : i + 3, j : j + 3], conv.parameters["weight"][:, 0])
        assert (frame != 0).sum() == 18
    matrix[...] = 5
    assert (kernels.refresh() == 5).all()
    conv.parameters["bias"][1] = 3
    assert kernels.refresh()[:, -1].tolist() == [0, 3] * 4


def test_a_patch_table_says_where_the_elements_of_each_patch_lie() -> None:
    maps = RNG.normal(size=(2, 8, 6))
    patches = maps.reshape(-1)[patch_table(maps.shape, 4)]
    assert patches.shape == (2 * 16, 3 * 2)
    assert np.array_equal(patches[:, 3], maps[:, 2:6, 2:6].reshape(-1))


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
