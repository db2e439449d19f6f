"""Type names used in the whole engine."""

from typing import Any, TypeAlias

from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]  # float32 in use, float64 where derivatives are checked
Arrays: TypeAlias = dict[str, Array]  # parameters, gradients, curvatures: by dotted name
Shape: TypeAlias = tuple[int, ...]
