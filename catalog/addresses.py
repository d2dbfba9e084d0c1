"""The address that a request comes from, which nobody can forge."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# One household or one machine at a host has a network of at least this size (RFC 6177): its
# 2^64 addresses count as one, or each would be a new stranger.
IPV6_PREFIX = 64
LONGEST_ADDRESS_CHARACTERS = 64


def client_address(request: HttpRequest) -> str | None:
    """Return the client's IPv4 address, or the network of its IPv6 address; None where unknown.

    ``X-Forwarded-For`` is read only behind the ``PROXY_COUNT`` proxies that the settings know of.
    Each of them adds, on the right, the address that it was asked from. So the client's is that many from the
    right, and what stands further left was sent by the client itself and proves nothing.
    """
    direct = readable_address(request.META.get("REMOTE_ADDR", ""))
    if not settings.PROXY_COUNT:
        return direct
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if len(forwarded) < settings.PROXY_COUNT:
        return direct
    return readable_address(forwarded[-settings.PROXY_COUNT]) or direct


def readable_address(text: str) -> str | None:
    """Return an address in its one spelling, an IPv6 one as its network; None for anything else.

    Some proxies add the port: ``192.0.2.1:4711``, ``[2001:db8::1]:4711``.
    """
    text = text.strip()[:LONGEST_ADDRESS_CHARACTERS]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        if not address.is_loopback:
            return str(IPv6Network((address, IPV6_PREFIX), strict=False).network_address)
    return str(address)
