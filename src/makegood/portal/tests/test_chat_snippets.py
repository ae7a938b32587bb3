"""What the documentation tells shops to write makes tokens that hold."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from makegood.channels.models import Inbox
from makegood.chat.keys import make_key
from makegood.ledger.actors import System
from makegood.portal.chat.tokens import read_token

PAGE = Path(__file__).parents[4] / "docs/channels/chat.md"


def snippet(language: str) -> str:
    found = re.search(
        rf"<!-- snippet:{language} -->\n```\w+\n(.*?)```", PAGE.read_text(), re.DOTALL
    )
    assert found
    return found.group(1)


@pytest.fixture
def key(chat: Inbox) -> str:
    made = make_key(chat, by=System("setup")).reveal()
    chat.refresh_from_db()
    return made


def holds(chat: Inbox, token: str) -> None:
    person, number = read_token(chat, token.strip())
    assert (person.subject, person.name, person.email) == ("4711", "Ida Bérg", "ida@example.com")
    assert person.is_email_proven
    assert len(number) > 20


def test_the_snippet_in_python(chat: Inbox, key: str) -> None:
    names: dict[str, Any] = {}
    exec(compile(snippet("python"), "chat.md", "exec"), names)  # our own page
    holds(chat, names["chat_token"](key, chat.public_id, 4711, "Ida Bérg", "ida@example.com", True))


def call(program: str, *options: str, code: str) -> str:
    found = shutil.which(program)
    assert found, f"{program} is not here: bin/test browser installs it"
    done = subprocess.run([found, *options, code], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.mail  # the lane that installs it
def test_the_snippet_for_node(chat: Inbox, key: str) -> None:
    given = json.dumps([key, chat.public_id, 4711, "Ida Bérg", "ida@example.com", True])
    code = f"{snippet('node')}\nconsole.log(chatToken(...{given}))"
    holds(chat, call("node", "-e", code=code))


@pytest.mark.mail  # as above
def test_the_snippet_for_php(chat: Inbox, key: str) -> None:
    code = snippet("php").removeprefix("<?php")
    code += (
        f"echo chat_token('{key}', '{chat.public_id}', 4711, 'Ida Bérg', 'ida@example.com', true);"
    )
    holds(chat, call("php", "-r", code=code))
