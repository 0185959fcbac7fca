"""Whose a connection is: an address, by IPv6 a network."""

import pytest

from userdesk.serve.connections import address_of


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        (("192.0.2.7", 50000), "192.0.2.7"),
        (("::ffff:192.0.2.7", 50000, 0, 0), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 50000, 0, 0), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:ffff::1", 50000, 0, 0), "2001:db8:1:2::/64"),
        (("2001:db8:1:3::1", 50000, 0, 0), "2001:db8:1:3::/64"),
        (("fe80::1%eth0", 50000, 0, 2), "fe80::/64"),
        (None, ""),  # it has gone already
    ],
)
def test_connections_of_one_somebody_have_one_address(peer: object, address: str) -> None:
    assert address_of(peer) == address
