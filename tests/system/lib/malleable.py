# SPDX-License-Identifier: MIT
"""What a courier without any key can do to a signature: (r, s) becomes (r, n - s), which verifies, too."""
import ssl

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
INTEGER, BIT_STRING, OCTETS, SEQUENCE = 0x02, 0x03, 0x04, 0x30


def element(tag, content):
    """DER of one element."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def elements(der):
    """The elements of a content: (tag, content) each."""
    found, at = [], 0
    while at < len(der):
        tag, size, start = der[at], der[at + 1], at + 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(der[at + 2:start], "big")
        found.append((tag, der[start:start + size]))
        at = start + size
    return found


def other_pair(der):
    """A signature with the other s."""
    [(_, pair)] = elements(der)
    r, (_, s) = elements(pair)
    number = ORDER - int.from_bytes(s, "big")
    return element(SEQUENCE, element(*r) + element(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big")))


def other_last(der):
    """Of a signed file or a certificate, whose last element of all is its signature."""
    [(tag, content)] = elements(der)
    if tag == OCTETS:
        return element(tag, other_pair(content))
    if tag == BIT_STRING:
        return element(tag, content[:1] + other_pair(content[1:]))
    inside = elements(content)
    last = other_last(element(*inside[-1]))
    return element(tag, b"".join(element(*e) for e in inside[:-1]) + last)


def other_file(source, target):
    """Another file of the same content; a certificate is known by its name."""
    if source.suffix == ".crt":
        text = ssl.DER_cert_to_PEM_cert(other_last(ssl.PEM_cert_to_DER_cert(source.read_text())))
        target.write_text(text)
    else:
        target.write_bytes(other_last(source.read_bytes()))
    target.chmod(0o644)
    if target.read_bytes() == source.read_bytes():
        raise AssertionError(f"{target} is {source}")
    return target
