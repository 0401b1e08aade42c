"""Pieces of a translation, one behind the other."""

import pytest

from converter.pieces import SOURCE, DoesNotFit, Piece, after, in_a_row, known_size, no_work, numbers_of

WEIGHTS = (("kernel", (2, 3)),)


def test_what_follows_a_piece_takes_its_answer_instead_of_the_source() -> None:
    rest = (Piece("A"), Piece("B", takes=(SOURCE, 0)))

    pieces = after(Piece("First", weights=WEIGHTS), rest)

    assert [(piece.class_name, piece.takes) for piece in pieces] == [("First", (SOURCE,)), ("A", (0,)), ("B", (0, 1))]
    assert pieces[0].weights == WEIGHTS


def test_pieces_in_a_row_take_each_other_s_answers_and_keep_their_weights() -> None:
    pieces = in_a_row(Piece("A"), Piece("B", {"x": 1}, weights=WEIGHTS), Piece("C"))

    assert [piece.takes for piece in pieces] == [(SOURCE,), (0,), (1,)]
    assert (pieces[1].config, pieces[1].weights) == ({"x": 1}, WEIGHTS)


@pytest.mark.parametrize(("shape", "numbers"), [((None, 3), 3), ((16, 3, 4), 192), ((None, None), 1), ((), 1)])
def test_sizes_that_are_not_known_count_as_one(shape: tuple[int | None, ...], numbers: int) -> None:
    assert numbers_of(shape) == numbers
    assert no_work({}, shape, shape) == 0


def test_a_size_that_decides_weights_has_to_be_known() -> None:
    assert known_size(3) == 3
    with pytest.raises(DoesNotFit, match="a known size"):
        known_size(None)
