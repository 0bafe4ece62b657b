"""What lays a returned page on the page that was sent reads its points as it says."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PIL import Image, ImageFilter

from pdf.comparison import NEAR, _largest


@pytest.mark.parametrize("near", [2, NEAR])
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (3, 4), (17, 40), (220, 155)])
def test_the_largest_around_a_point_is_what_the_library_of_images_finds(shape, near):
    values = np.frombuffer(random.Random(2027).randbytes(shape[0] * shape[1]), dtype=np.uint8).reshape(shape)
    wanted = Image.fromarray(values).filter(ImageFilter.MaxFilter(2 * near + 1))
    assert np.array_equal(_largest(values, near), np.asarray(wanted))
