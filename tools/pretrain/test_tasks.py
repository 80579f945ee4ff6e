"""What chance decides in a step: from the seed and the step alone, and as often as it should."""

import unittest

import numpy as np

from model import MASKED
from tasks import HIDE, MASK_PROBABILITY, autoregressive, bert, chance, mirrored, moved, order


class Tasks(unittest.TestCase):
    def test_an_epoch_has_every_picture_once_in_an_order_of_its_own(self):
        first, again, second, other = (order(50, *where) for where in ((3, 0), (3, 0), (3, 1), (4, 0)))
        self.assertEqual(sorted(first), list(range(50)))
        np.testing.assert_array_equal(first, again)
        self.assertFalse((first == second).all() or (first == other).all())

    def test_half_of_the_pictures_are_mirrored(self):
        tokens = np.arange(400 * 4).reshape(400, 4)
        changed = mirrored(tokens, 2, seed=0, step=7)
        turned = (changed != tokens).any(1)
        self.assertAlmostEqual(turned.mean(), 0.5, delta=0.08)
        np.testing.assert_array_equal(changed[turned], tokens[turned][:, [1, 0, 3, 2]])
        self.assertFalse((changed == mirrored(tokens, 2, seed=0, step=8)).all())

    def test_pictures_move_by_so_much_and_reflect_at_their_edges(self):
        picture = np.arange(25).reshape(5, 5)
        tokens = np.repeat(picture.reshape(1, -1), 200, 0)
        changed = moved(tokens, 5, 2, seed=0, step=3)
        padded = np.pad(picture, 2, mode="reflect")
        possible = {padded[y : y + 5, x : x + 5].tobytes(): (y, x) for y in range(5) for x in range(5)}
        self.assertEqual({possible[one.tobytes()] for one in changed}, set(possible.values()))
        np.testing.assert_array_equal(moved(tokens, 5, 0, seed=0, step=3), tokens)

    def test_bert_hides_a_share_of_the_pixels_and_counts_those(self):
        tokens = np.ones((20, 400), np.int64)
        task = bert(tokens, chance(0, HIDE, 5, *tokens.shape))
        self.assertAlmostEqual(task.counts.mean(), MASK_PROBABILITY, delta=0.01)
        np.testing.assert_array_equal(task.inputs == MASKED, task.counts == 1)
        self.assertFalse(task.causal)

    def test_bert_hides_something_of_any_batch(self):
        task = bert(np.ones((1, 4), np.int64), np.ones((1, 4)))
        self.assertEqual(task.counts.sum(), 1)

    def test_pictures_move_on_by_one_behind_what_they_begin_with(self):
        task = autoregressive(np.array([[1, 2, 3], [4, 5, 6]]), np.array([8, 10]))
        np.testing.assert_array_equal(task.inputs, [[8, 1, 2], [10, 4, 5]])
        np.testing.assert_array_equal(task[1:].targets, [[4, 5, 6]])


if __name__ == "__main__":
    unittest.main()
