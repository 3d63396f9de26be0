"""What the texts of writings mean."""

from diptych.equivalence.derived import _call
from diptych.equivalence.template import parse


def test_arguments_in_optional_pieces_need_not_be_given() -> None:
    template = parse("np.sum({self}{, axis={dim}}{, keepdims={keepdim}})")
    assert [hole.name for hole in template.required] == ["self"]
    assert [hole.name for hole in template.holes] == ["self", "dim", "keepdim"]


def test_an_optional_piece_may_come_first() -> None:
    assert parse("{self}.sum({, axis={dim}}{, keepdims={keepdim}})").atomic
    called = _call("torch.f({, axis={dim}}{, keepdims={keepdim}})", gluon=False)
    assert called is not None
    assert called[1] == {"axis": "dim", "keepdims": "keepdim"}
