"""Where a request comes from, for quotas."""

import ipaddress

from rest_framework.request import Request

from alerts.conf import alerts_settings

HOME_NETWORK_BITS = 64  # what one IPv6 customer has at least


def client_address(request: Request) -> str:
    """Return the client's address (the network of an IPv6 one), "" when there is none.

    Of `X-Forwarded-For` only what our own proxies have added is believed: `TRUSTED_PROXIES` of
    them stand in front of us.
    """
    proxies = alerts_settings().trusted_proxies
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    is_forwarded = proxies and len(hops) >= proxies
    raw = hops[-proxies] if is_forwarded else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, HOME_NETWORK_BITS), strict=False))
    return str(address)
