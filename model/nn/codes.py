"""The ten target codes of LeNet-5: each digit drawn on a bitmap 7 wide and 12 tall.

The 84 units of F6 are compared with the 84 pixels of each drawing (LeCun et al. 1998, figure 3
and section II-B). Digits that look alike have similar codes; a drawing that is no digit is far
from all of them. The bitmaps are our own, in that style.
"""

import numpy as np

from model.types import Array

WIDTH, HEIGHT = 7, 12

DRAWINGS = """
..###..  ...##..  .#####.  .#####.  ....##.  #######  ..####.  #######  .#####.  .#####.
.##.##.  ..###..  ##...##  ##...##  ...###.  ##.....  .##....  ##...##  ##...##  ##...##
##...##  .####..  ##...##  .....##  ...###.  ##.....  ##.....  .....##  ##...##  ##...##
##...##  ...##..  .....##  .....##  ..####.  ##.....  ##.....  .....##  ##...##  ##...##
##...##  ...##..  .....##  ....##.  .##.##.  ######.  ##.....  ....##.  .##.##.  ##...##
##...##  ...##..  ....##.  ..###..  .##.##.  ##...##  ######.  ....##.  ..###..  ##...##
##...##  ...##..  ...##..  ....##.  ##..##.  .....##  ##...##  ...##..  .##.##.  .######
##...##  ...##..  ..##...  .....##  #######  .....##  ##...##  ...##..  ##...##  .....##
##...##  ...##..  .##....  .....##  ....##.  .....##  ##...##  ..##...  ##...##  .....##
##...##  ...##..  ##.....  .....##  ....##.  .....##  ##...##  ..##...  ##...##  .....##
.##.##.  ...##..  ##.....  ##...##  ....##.  ##...##  ##...##  ..##...  ##...##  ....##.
..###..  .######  #######  .#####.  ....##.  .#####.  .#####.  ..##...  .#####.  .####..
"""


def codes() -> Array:
    """One code for each digit, (10, 84) float32, row by row: 1 for ink and −1 for paper."""
    rows = [line.split() for line in DRAWINGS.split("\n") if line]  # 12 rows of ten pieces
    ink = np.array([[list(row[digit]) for row in rows] for digit in range(10)]) == "#"
    return np.where(ink, 1, -1).reshape(10, HEIGHT * WIDTH).astype(np.float32)
