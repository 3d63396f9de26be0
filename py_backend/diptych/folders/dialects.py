"""One dialect of MXNet for a directory: ``npx.set_np()`` holds for a whole process, and its files import each other."""

from __future__ import annotations

from collections.abc import Iterable

from diptych.equivalence.model import Dialect
from diptych.folders.journal import Study
from diptych.folders.model import DialectReason, Options, Why


def wants_np(studies: Iterable[Study], options: Options) -> bool:
    """Whether some file would have less left as it was in np: then the others have to be tried in np as well."""
    given = _to_mxnet(studies)
    return options.dialect == "auto" and not any(study.used for study in given) and bool(_lacking(given))


def choose(studies: Iterable[Study], options: Options) -> DialectReason:
    """The dialect that is asked for, else the one that files already use, else nd where all files allow it, else np."""
    given = _to_mxnet(studies)
    if options.dialect != "auto":
        return DialectReason(Dialect(options.dialect), Why.ASKED)
    if not given:
        return DialectReason(Dialect.ND, Why.NO_MXNET)
    using = {dialect: tuple(study.path for study in given if study.used is dialect) for dialect in Dialect}
    if using[Dialect.NP] and using[Dialect.ND]:
        return DialectReason(Dialect.NP, Why.MIXED, using[Dialect.ND])
    for dialect, files in using.items():
        if files:
            return DialectReason(dialect, Why.USED, files)
    lacking = _lacking(given)
    if not lacking:
        return DialectReason(Dialect.ND, Why.ND_SUFFICES)
    because = tuple(study.path for study in lacking)
    if sum(study.np_errors or 0 for study in given) < sum(study.nd_errors for study in given):
        return DialectReason(Dialect.NP, Why.ND_LACKS, because)
    return DialectReason(Dialect.ND, Why.NP_NO_BETTER, because)


def _to_mxnet(studies: Iterable[Study]) -> list[Study]:
    return [study for study in studies if study.to_mxnet and study.framework]


def _lacking(studies: list[Study]) -> list[Study]:
    return [study for study in studies if study.np_errors is not None and study.np_errors < study.nd_errors]
