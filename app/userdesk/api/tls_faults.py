"""Why TLS failed, as users understand it, by OpenSSL's numbers and names."""

import ssl
from collections.abc import Iterable

# OpenSSL's verification results (x509_vfy.h) that a user can make something of.
_CERTIFICATE_FAULTS = {
    2: "its issuer is unknown",
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "a self-signed authority issued it",
    20: "its issuer is unknown",
    21: "its issuer is unknown",
    23: "it was revoked",
    24: "its issuer is no authority",
    26: "it is not meant for a server",
    62: "it belongs to another name",
    64: "it belongs to another address",
    66: "its key is too weak",
    67: "its issuer's key is too weak",
    68: "its signature is too weak",
}
# Parts of the names of OpenSSL's reasons (sslerr.h), the first that fits counts.
_HANDSHAKE_FAULTS = (
    (
        ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"),
        "it does not speak TLS",
    ),
    (("NO_APPLICATION_PROTOCOL",), "it does not offer HTTP/1.1"),
    (("CERTIFICATE_REQUIRED",), "it asks for a client's certificate, and userdesk has none"),
    (("UNRECOGNIZED_NAME",), "it does not know this name"),
    (
        ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW", "VERSION_TOO_HIGH", "NO_PROTOCOLS"),
        "there is no version of TLS that both sides accept",
    ),
    (("LEGACY_RENEGOTIATION", "LEGACY_SERVER"), "it offers an outdated form of TLS alone, which is not safe"),
    (("TOO_SMALL", "TOO_WEAK", "WEAK"), "its keys are too weak"),
    (
        ("HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "NO_CIPHERS", "INSUFFICIENT_SECURITY", "WRONG_CURVE"),
        "both sides have no encryption in common, or it asks for a client's certificate",
    ),
    (
        ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED"),
        "it refused this client's certificate, or that there is none",
    ),
    (("INTERNAL_ERROR",), "it told of an error of its own"),
)


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
        for names, fault in _HANDSHAKE_FAULTS:
            if any(name in reason for name in names):
                return fault
        if reason:
            return "the handshake failed"
    return "it closed the connection"


def is_refusal(errors: Iterable[ssl.SSLError]) -> bool:
    """Whether the other side said in an alert of TLS that it does not go on."""
    return any("ALERT" in _reason(error) for error in errors)


def _reason(error: ssl.SSLError) -> str:
    """The name of OpenSSL's reason; of those that are newer than Python's table the words stand in for it."""
    return error.reason or str(error).upper().replace(" ", "_")
