"""Too little room on the disk: what comes from outside waits outside, and people are told."""

from pathlib import Path
from typing import Any

import pytest

from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.models import Attachment, Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.files.room import NoRoom, has_room, reserve
from makegood.office.backup import back_up
from makegood.team.models import Agent

MEGABYTE = 1_000_000


@pytest.fixture
def no_room(settings: Any) -> None:
    settings.DISK_RESERVE_BYTES = 1 << 60


@pytest.mark.parametrize(
    ("total", "kept"),
    [(2 * MEGABYTE, MEGABYTE // 10), (4_000 * MEGABYTE, 200 * MEGABYTE), (10**13, 500 * MEGABYTE)],
)
def test_a_twentieth_is_kept_free_and_never_more_than_500_megabytes(
    total: int, kept: int, settings: Any
) -> None:
    settings.DISK_RESERVE_BYTES = None
    assert reserve(total) == kept


def test_whoever_runs_it_may_say_how_much(settings: Any) -> None:
    settings.DISK_RESERVE_BYTES = 1234
    assert reserve(10**13) == 1234
    assert has_room()


def test_a_file_is_refused_and_the_answer_still_goes_out(
    lamp: Conversation, nora: Agent, no_room: None
) -> None:
    draft = save_draft(lamp, "", purpose="reply", by=nora)
    with pytest.raises(NoRoom) as refused:
        attach_to_draft(draft, name="a.txt", content_type="text/plain", content=b"a")
    assert refused.value.status == 507
    assert not Attachment.objects.exists()
    reply_to(lamp, Reply(text="It is on its way."), by=nora)


def test_a_backup_does_not_take_the_room_that_mail_comes_in_by(
    db: None, no_room: None, tmp_path: Path
) -> None:
    with pytest.raises(NoRoom):
        back_up(tmp_path)
    assert not list(tmp_path.iterdir())
