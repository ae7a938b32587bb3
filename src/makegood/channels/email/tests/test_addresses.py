"""One reader of addresses, one canonical form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.channels.email.addresses import addresses, canonical
from makegood.channels.interface import Address

from .mails import sample


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Ida@Customer.TEST", "ida@customer.test"),
        (" <ida@customer.test> ", "ida@customer.test"),
        ("jörg@BÜCHER.test", "jörg@xn--bcher-kva.test"),
        ("ida@customer.test.", "ida@customer.test"),
        ("İda@customer.test", "İda@customer.test"),
        ("ida", ""),
        ("ida@", ""),
        ("@customer.test", ""),
        ("ida @customer.test", ""),
        ("ida@cust\u202eomer.test", ""),
        ("ida@customer.test\r\nBcc: x@y.test", ""),
        ("a" * 400 + "@customer.test", ""),
    ],
)
def test_an_address_has_one_canonical_form(written, form):
    assert canonical(written) == form


@given(st.text())
def test_the_canonical_form_is_its_own(written):
    form = canonical(written)
    assert canonical(form) == form


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (b'"Berg, Ida" <ida@x.test>, bo@x.test', [("ida@x.test", "Berg, Ida"), ("bo@x.test", "")]),
        (b'"a@evil.test" <b@x.test>', [("b@x.test", "a@evil.test")]),
        (b'"\\"Ida\\"" <ida@x.test>', [("ida@x.test", "Ida")]),
        (b"ida@x.test (Ida, the (first))", [("ida@x.test", "Ida, the (first)")]),
        (b"<ida@x.test> Ida", [("ida@x.test", "Ida")]),
        (b"Ida ida@x.test", [("ida@x.test", "Ida")]),
        (
            b"us: a@x.test, b@x.test; c@x.test",
            [("a@x.test", ""), ("b@x.test", ""), ("c@x.test", "")],
        ),
        (b"undisclosed-recipients:;", []),
        (b"<@relay.test:ida@x.test>", [("ida@x.test", "")]),
        (b"'ida@x.test' <ida@x.test>", [("ida@x.test", "")]),
        (b'"never closed <ida@x.test>', [("ida@x.test", "never closed")]),
        (b"", []),
        (b",,;;,", []),
    ],
)
def test_addresses_are_found_however_they_are_written(header, found):
    assert addresses(header) == [Address(address=a, name=n) for a, n in found]


def test_direction_tricks_in_a_name_are_taken_out():
    sender = sample("spoofed_name").sender
    assert sender == Address(address="ida@evil.test", name="support@shop.test")


def test_groups_and_missing_brackets_are_read():
    read_mail = sample("groups_and_comments")
    assert [each.address for each in read_mail.to] == ["a@x.test", "c@x.test"]
    assert [each.address for each in read_mail.cc] == ["d@x.test", "i@x.test"]
    assert read_mail.sender.name == "Ida (Berg)"


@given(st.binary(max_size=500))
def test_no_bytes_break_the_reader_of_addresses(header):
    for each in addresses(header):
        assert canonical(each.address) == each.address
