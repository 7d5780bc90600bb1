"""The standard signature of a PDF file (PAdES, certifying, no changes permitted), and whether a file has an intact one.

The signature covers every byte but its own hexadecimal digits. To check it, nothing in the file is believed or even
parsed: the digits must be exactly those that the program writes for this file, this certificate and this value.
"""

import hashlib
import re
from dataclasses import field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydyf import Array, Dictionary, String  # type: ignore[import-untyped]

from capacity_app.domain.assessment.verification import FileSignature, SignatureStatus
from capacity_app.domain.fast_dataclass import dataclass

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey


# Only what signs or checks reads these libraries; the start of the program does not pay for them.
# ruff: noqa: PLC0415

_ROOM = 3_072
"""Hexadecimal digits kept free for the signature; one of ours needs about 1,700."""
_RANGE = len("0123456789 0123456789 0123456789")
_NO_RANGE, _NO_DIGITS = b"[0 %b]" % (b" " * _RANGE), b"<%b>" % (b"0" * _ROOM)
_PLACEHOLDER = b"/ByteRange %b/Contents %b" % (_NO_RANGE, _NO_DIGITS)
_SIGNED = re.compile(
    rb"/M \(D:([0-9]{14})Z\)/ByteRange \[0 ([0-9]{1,10}) ([0-9]{1,10}) ([0-9]{1,10}) *\]/Contents (?=<)"
)
_TIME = "%Y%m%d%H%M%S"
_PRINTED_AND_LOCKED = 4 + 128
_ONLY_SIGNED, _ONLY_APPENDED = 1, 2
_ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """What an installation signs with: a self-signed certificate (DER) and its private key, on the curve P-256."""

    certificate: bytes
    key: "EllipticCurvePrivateKey" = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate in hexadecimal digits."""
        return hashlib.sha256(self.certificate).hexdigest()


# -- signing -------------------------------------------------------------------------------------------------------


def add_signature_field(pdf: Any, label: str) -> None:  # noqa: ANN401 - pydyf publishes no types
    """Give a tagged PDF the field of a signature and room for the signature; ``label`` is what a voice reads."""

    def added(values: dict[str, Any]) -> Any:  # noqa: ANN401 - as above
        thing = Dictionary(values)
        pdf.add_object(thing)
        return thing

    def at(reference: bytes) -> Any:  # noqa: ANN401 - as above
        return pdf.objects[int(reference.split()[0])]

    moment = datetime.now(UTC).strftime(_TIME)
    permitted = Dictionary({"Type": "/TransformParams", "V": "/1.2", "P": _ONLY_SIGNED})
    certified = Dictionary({"Type": "/SigRef", "TransformMethod": "/DocMDP", "TransformParams": permitted})
    signature = added(
        {
            "Type": "/Sig", "Filter": "/Adobe.PPKLite", "SubFilter": "/ETSI.CAdES.detached",
            "Reference": Array([certified]), "M": f"(D:{moment}Z)", "ByteRange": _NO_RANGE, "Contents": _NO_DIGITS,
        }
    )  # fmt: skip
    page = pdf.page_references[0]
    root = at(pdf.catalog["StructTreeRoot"])
    document, tags = at(root["K"][0]), at(root["ParentTree"])["Nums"]
    widget = added(
        {
            "Type": "/Annot", "Subtype": "/Widget", "FT": "/Sig", "T": String("signature"), "TU": String(label),
            "Rect": Array([0, 0, 0, 0]), "F": _PRINTED_AND_LOCKED, "P": page, "V": signature.reference,
            "StructParent": tags[-2] + 1,
        }
    )  # fmt: skip
    pointer = added({"Type": "/OBJR", "Obj": widget.reference, "Pg": page})
    form = added(
        {"Type": "/StructElem", "S": "/Form", "P": document.reference, "K": Array([pointer.reference]), "Pg": page}
    )
    document["K"].append(form.reference)
    tags.extend((widget["StructParent"], form.reference))
    at(page).setdefault("Annots", Array()).append(widget.reference)
    pdf.catalog["AcroForm"] = Dictionary(
        {"Fields": Array([widget.reference]), "SigFlags": _ONLY_SIGNED | _ONLY_APPENDED}
    )
    pdf.catalog["Perms"] = Dictionary({"DocMDP": signature.reference})


def sign_pdf(content: bytes, identity: SigningIdentity) -> bytes:
    """Sign a PDF that has room for a signature."""
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    begin = content.rindex(_PLACEHOLDER)
    end = begin + len(_PLACEHOLDER)
    hole = end - len(_NO_DIGITS)
    covered = b"%d %d %d" % (hole, end, len(content) - end)
    first = b"%b/ByteRange [0 %b]/Contents " % (content[:begin], covered.ljust(_RANGE))
    digest = _digest(first, content[end:])
    r, s = decode_dss_signature(identity.key.sign(_attributes(identity.certificate, digest), ECDSA(SHA256())))
    value = encode_dss_signature(r, min(s, _ORDER_OF_P256 - s))
    digits = _message(identity.certificate, digest, value).hex().encode()
    if len(digits) > _ROOM:
        raise ValueError("the signature is longer than the room for it")
    return b"%b<%b>%b" % (first, digits.ljust(_ROOM, b"0"), content[end:])


def _digest(*parts: bytes | memoryview) -> bytes:
    made = hashlib.sha256()
    for part in parts:
        made.update(part)
    return made.digest()


def _signed_attributes(certificate: bytes, digest: bytes) -> Any:  # noqa: ANN401 - asn1crypto publishes no types
    """Return what is signed: the digest of the file and, as PAdES asks, with which certificate."""
    from asn1crypto.cms import CMSAttribute, CMSAttributes
    from asn1crypto.tsp import ESSCertIDv2, SigningCertificateV2

    which = SigningCertificateV2({"certs": [ESSCertIDv2({"cert_hash": hashlib.sha256(certificate).digest()})]})
    said = (("content_type", "data"), ("message_digest", digest), ("signing_certificate_v2", which))
    return CMSAttributes([CMSAttribute({"type": name, "values": [value]}) for name, value in said])


def _attributes(certificate: bytes, digest: bytes) -> bytes:
    return bytes(_signed_attributes(certificate, digest).dump())


def _message(certificate: bytes, digest: bytes, value: bytes) -> bytes:
    """Write a signature (CMS, DER) of what has a digest; ``value`` is the ECDSA signature of the attributes."""
    from asn1crypto.cms import CertificateSet, ContentInfo, SignedData, SignerInfo
    from asn1crypto.x509 import Certificate

    holder = Certificate.load(certificate, strict=True)
    by = {"issuer": holder.issuer, "serial_number": holder.serial_number}
    signer = SignerInfo(
        {
            "version": "v1",
            "sid": {"issuer_and_serial_number": by},
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": _signed_attributes(certificate, digest),
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": value,
        }
    )
    signed = SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": CertificateSet([holder]),
            "signer_infos": [signer],
        }
    )
    return bytes(ContentInfo({"content_type": "signed_data", "content": signed}).dump())


# -- checking ------------------------------------------------------------------------------------------------------


def examine_signature(content: bytes) -> FileSignature:
    """Find out whether a file is, to the last byte, what was signed. Never raises, whatever the bytes are."""
    holes = [found for found in _SIGNED.finditer(content) if _covers_all(found, len(content))]
    if len(holes) != 1:
        is_signed = b"/ByteRange" in content
        return FileSignature(SignatureStatus.CHANGED if is_signed else SignatureStatus.UNSIGNED)
    (found,) = holes
    begin, end = int(found[2]), int(found[3])
    digest = _digest(memoryview(content)[:begin], memoryview(content)[end:])
    try:
        certificate = _signing_certificate(content[begin + 1 : end - 1], digest)
        moment = datetime.strptime(found[1].decode(), _TIME).replace(tzinfo=UTC)
    except Exception:  # noqa: BLE001 - whatever makes the libraries stumble is no signature of ours
        return FileSignature(SignatureStatus.CHANGED)
    return FileSignature(SignatureStatus.INTACT, hashlib.sha256(certificate).hexdigest(), moment.isoformat())


def _covers_all(found: re.Match[bytes], length: int) -> bool:
    """Return whether a signature covers the entire file except its own digits."""
    begin, end, rest = (int(found[number]) for number in (2, 3, 4))
    return (
        begin == found.end()
        and end == begin + len(_NO_DIGITS)
        and end + rest == length
        and found.string[end - 1] == ord(">")
    )


def _signing_certificate(digits: bytes, digest: bytes) -> bytes:
    """Return the certificate with which a digest was signed; raises whatever the libraries raise if it was not."""
    from asn1crypto.cms import ContentInfo
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509 import load_der_x509_certificate

    signed = ContentInfo.load(bytes.fromhex(digits.decode("ascii")))["content"]
    certificate = signed["certificates"][0].chosen.dump()
    value = signed["signer_infos"][0]["signature"].native
    if _message(certificate, digest, value).hex().encode().ljust(_ROOM, b"0") != digits:
        raise ValueError("these are not the digits that the program writes")
    key = load_der_x509_certificate(certificate).public_key()
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError("the certificate is of another kind")  # noqa: TRY004 - it is the file that is wrong
    key.verify(value, _attributes(certificate, digest), ECDSA(SHA256()))
    if 2 * decode_dss_signature(value)[1] > _ORDER_OF_P256:
        raise ValueError("the value was turned round: it is not the one that was made")
    return bytes(certificate)
