"""Why TLS failed, as users understand it, by OpenSSL's numbers and names."""

import re
import ssl
from collections.abc import Iterable

# OpenSSL's verification results (x509_vfy.h) that a user can make something of.
_CERTIFICATE_FAULTS = {
    **dict.fromkeys((2, 20, 21), "its issuer is unknown"),
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "its issuer is self-signed",
    23: "it was revoked",
    24: "its issuer is not a certificate authority",
    26: "it is not a server certificate",
    62: "it is for a different host name",
    64: "it is for a different address",
    **dict.fromkeys((66, 67, 68), "it is too weak"),
}
# Parts of the names of OpenSSL's reasons (sslerr.h), the first that fits counts.
_HANDSHAKE_FAULTS = {
    "WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE": "it does not speak TLS",
    "NO_APPLICATION_PROTOCOL": "it does not offer HTTP/1.1",
    "CERTIFICATE_REQUIRED": "it requires a client certificate, and userdesk has none",
    "UNRECOGNIZED_NAME": "it does not know this host name",
    "PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO|NO_PROTOCOLS": "there is no TLS version in common",
    "LEGACY_RENEGOTIATION|LEGACY_SERVER": "it only supports an outdated, unsafe form of TLS",
    "TOO_SMALL|WEAK": "its keys are too weak",
    "HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_CIPHERS|INSUFFICIENT_SECURITY|WRONG_CURVE": (
        "there is no cipher in common, or it requires a client certificate"
    ),
    "CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED": "it rejected the client certificate, or requires one",
    "INTERNAL_ERROR": "it reported an internal error",
}


def certificate_fault(errors: Iterable[ssl.SSLError]) -> str | None:
    """What is wrong with the other side's certificate; None where that is not what failed."""
    for error in errors:
        if isinstance(error, ssl.SSLCertVerificationError):
            return _CERTIFICATE_FAULTS.get(error.verify_code, "it could not be verified")
    return None


def handshake_fault(errors: Iterable[ssl.SSLError]) -> str:
    """Why no encrypted connection came about."""
    for error in errors:
        reason = _reason(error)
        if "EOF" in reason:
            break
        for names, fault in _HANDSHAKE_FAULTS.items():
            if re.search(names, reason):
                return fault
        if reason:
            return "the TLS handshake failed"
    return "it closed the connection"


def is_refusal(errors: Iterable[ssl.SSLError]) -> bool:
    """Whether the other side said in an alert of TLS that it does not go on."""
    return any("ALERT" in _reason(error) for error in errors)


def _reason(error: ssl.SSLError) -> str:
    """The name of OpenSSL's reason; of those that are newer than Python's table the words stand in for it."""
    return error.reason or str(error).upper().replace(" ", "_")
