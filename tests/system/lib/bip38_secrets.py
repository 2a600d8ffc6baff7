# SPDX-License-Identifier: MIT
"""BIP38 with a passphrase, by another author than proto/: all that is secret about a wallet on its way
from passphrase and EPK to the private key.  For tests alone; nothing here is wiped."""
import hashlib
import subprocess
from collections import namedtuple

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PRIME = 2**256 - 2**32 - 977
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
GENERATOR = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
             0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)
HAS_LOT = 0x04

Opened = namedtuple("Opened", "prefactor passfactor derived seedb factorb key wif")


def sha256d(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def base58(data):
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def base58check(payload):
    return base58(payload + sha256d(payload)[:4])


def base58_decode(text):
    """The bytes, with the checksum, of a text whose first byte is not 0."""
    number = 0
    for sign in text:
        number = number * 58 + ALPHABET.index(sign)
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if sha256d(data[:-4])[:4] != data[-4:]:
        raise ValueError("bad checksum")
    return data


def add(one, other):
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % PRIME == 0:
            return None
        slope = 3 * one[0] * one[0] * pow(2 * one[1], -1, PRIME)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, PRIME)
    x = (slope * slope - one[0] - other[0]) % PRIME
    return x, (slope * (one[0] - x) - one[1]) % PRIME


def point(number):
    """The compressed public key of a number."""
    result, step = None, GENERATOR
    while number:
        if number & 1:
            result = add(result, step)
        step, number = add(step, step), number >> 1
    return bytes([2 + result[1] % 2]) + result[0].to_bytes(32, "big")


def aes_decrypt(key, data):
    return subprocess.run(["openssl", "enc", "-d", "-aes-256-ecb", "-nopad", "-K", key.hex()], input=data,
                          capture_output=True, check=True).stdout


def xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other))


def open_epk(epk, passphrase):
    """Opens an EPK that was made from an intermediate code; a wrong passphrase is not noticed."""
    payload = base58_decode(epk)[:-4]
    flag, hash_, entropy, head, part2 = payload[2], payload[3:7], payload[7:15], payload[15:23], payload[23:39]
    salt = entropy[:4] if flag & HAS_LOT else entropy
    prefactor = hashlib.scrypt(passphrase.encode(), salt=salt, n=16384, r=8, p=8, maxmem=1 << 26, dklen=32)
    passfactor = sha256d(prefactor + entropy) if flag & HAS_LOT else prefactor
    derived = hashlib.scrypt(point(int.from_bytes(passfactor, "big")), salt=hash_ + entropy, n=1024, r=1, p=1, dklen=64)
    behind = xor(aes_decrypt(derived[32:], part2), derived[16:32])
    seedb = xor(aes_decrypt(derived[32:], head + behind[:8]), derived[:16]) + behind[8:]
    factorb = sha256d(seedb)
    key = (int.from_bytes(passfactor, "big") * int.from_bytes(factorb, "big") % ORDER).to_bytes(32, "big")
    compressed = flag & 0x20
    return Opened(prefactor, passfactor, derived, seedb, factorb, key,
                  base58check(b"\x80" + key + (b"\x01" if compressed else b"")))
