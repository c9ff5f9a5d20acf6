"""Where results go, and whether they may."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from xeploai.findings import BAD_OPTION, Unusable


def default_output(files: Sequence[Path]) -> Path:
    """‹first input's name›-ket-qua.xlsx beside the input; for a folder, beside the folder."""
    first = files[0]
    if first.is_dir():
        folder = first.resolve()
        return folder.parent / f"{folder.name or 'thu-muc'}-ket-qua.xlsx"  # the root of a disk has no name
    return first.with_name(f"{first.stem}-ket-qua.xlsx")


def in_folder(output: Path, files: Sequence[Path]) -> Path:
    """Where the result goes: `-o` names a file, or a folder for one of the usual name."""
    return output / default_output(files).name if output.is_dir() else output


def check_targets(
    named: Mapping[str, Path | None], inputs: Sequence[Path], *, force: bool, folder: Path | None = None
) -> None:
    """Raise Unusable before the work begins where one of these could not be written, or two are one file or the folder."""
    from xeploai.write.whole import may_write

    taken: dict[str, str] = {}
    for option, target in named.items():
        if target is None:
            continue
        may_write(target, inputs=inputs, force=force)
        place = os.path.normcase(os.path.realpath(target))
        if place in taken:
            both = f"{taken[place]} và {option} cùng ghi ra «{target}»"
            raise Unusable(BAD_OPTION(what=f"{both}; đặt hai tên khác nhau"))
        taken[place] = option
    if folder and (same := taken.get(os.path.normcase(os.path.realpath(folder)))):
        what = f"{same} ghi tệp «{folder}», mà --letters cần thư mục mang tên đó; đặt hai tên khác nhau"
        raise Unusable(BAD_OPTION(what=what))
