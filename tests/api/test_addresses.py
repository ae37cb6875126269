"""Whose quota a request uses up: only our own proxies are believed."""

from dataclasses import replace

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from alerts.api import throttling
from alerts.api.throttling import client_address
from alerts.conf import alerts_settings


def address(peer: str, forwarded: str | None = None) -> str:
    """Return the address that a request from a peer counts for."""
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = APIRequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    return client_address(Request(request))


def behind(proxies: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put so many proxies of ours in front."""
    settings = replace(alerts_settings(), trusted_proxies=proxies)
    monkeypatch.setattr(throttling, "alerts_settings", lambda: settings)


def test_without_proxies_of_ours_the_header_is_nobodys_word() -> None:
    assert address("203.0.113.7", "198.51.100.1") == "203.0.113.7"


def test_the_hop_before_our_proxies_is_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    behind(1, monkeypatch)
    assert address("10.0.0.1", "1.2.3.4, 198.51.100.1") == "198.51.100.1"
    behind(2, monkeypatch)
    assert address("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2") == "198.51.100.1"


def test_a_request_that_came_around_the_proxies_counts_for_its_peer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    behind(2, monkeypatch)
    assert address("203.0.113.7", "198.51.100.1") == "203.0.113.7"
    assert address("203.0.113.7") == "203.0.113.7"


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("@", ""),
    ],
)
def test_an_ipv6_customer_is_one_whatever_the_last_bits(peer: str, counted: str) -> None:
    assert address(peer) == counted
