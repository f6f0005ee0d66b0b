"""Frame files: recorded frames as a source of prices."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.feed.sources import NOTHING, Frame, FrameFile, Polled, read_frames, write_frames
from markets.feed.ticks import ticks_of
from qlplatform.core.errors import UserError

FRAMES = [Frame(10, b"one"), Frame(20, b""), Frame(20, b"three"), Frame(31, b"4")]


def lengths(frames: Sequence[bytes], at_us: Sequence[int]) -> Polled:
    """A broker whose frames tell their own length as the price."""
    return Polled(ticks_of(len(frames), ltp=[len(data) for data in frames], recv_us=at_us), len(frames), {})


def file_of(frames: list[Frame], path: Path, *, cut: int = 0) -> Path:
    with path.open("wb") as file:
        write_frames(file, frames)
    if cut:
        path.write_bytes(path.read_bytes()[:-cut])
    return path


frame = st.builds(Frame, st.integers(-(2**63), 2**63 - 1), st.binary(max_size=50))


@given(frames=st.lists(frame, max_size=8))
def test_what_is_written_is_read(frames: list[Frame], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "frames"
    for mode in ("wb", "ab"):
        with path.open(mode) as file:
            write_frames(file, frames)
    assert list(read_frames(path)) == frames + frames


@pytest.mark.parametrize(("cut", "left"), [(0, 4), (1, 3), (12, 3), (13, 3), (14, 2)])
def test_a_record_cut_short_is_left_out(tmp_path: Path, cut: int, left: int) -> None:
    assert list(read_frames(file_of(FRAMES, tmp_path / "f", cut=cut))) == FRAMES[:left]


@pytest.mark.parametrize("junk", [b"", b"QLFRAME", b"something else entirely"])
def test_another_kind_of_file_is_refused(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "f").write_bytes(junk)
    with pytest.raises(UserError, match="holds no recorded frames"):
        list(read_frames(tmp_path / "f"))


def test_frames_are_told_when_their_time_has_come(tmp_path: Path) -> None:
    now = [5]
    frames = read_frames(file_of(FRAMES, tmp_path / "f"))
    source = FrameFile("kite", frames, lengths, {1: 2}, lambda: now[0])
    assert (source.poll(), source.over, source.tokens()) == (NOTHING, False, {1: 2})
    now[0] = 20
    told = source.poll()
    assert (told.frames, told.ticks.ltp.tolist(), told.ticks.recv_us.tolist()) == (3, [3, 0, 5], [10, 20, 20])
    assert source.poll() is NOTHING
    now[0] = 99
    assert (source.poll().ticks.ltp.tolist(), source.over) == ([1], True)
