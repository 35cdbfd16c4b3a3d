"""Whom a client trusts, and why: the key file that it was given, and tree heads, which prove that the journal that a
broker shows now begins with all that it has shown before. A head is [origin, size, root], the root in base64."""
import base64, hashlib, re
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from zmq.utils import z85

class Stop(Exception):
    """A person must look: the exit code, and why."""

def rewritten(why):
    return Stop(3, f"{why}: nothing was sent, ask the board's operator whether a backup was restored")

def read_key(path):
    """What `maat key new` wrote, which is ZPL. There may be several addresses; older files have no signing-key."""
    with open(path, encoding="utf-8") as file:
        found = re.findall(r'^\s*([\w-]+)\s*=\s*"(.*)"', file.read(), re.MULTILINE)
    public, secret, server, signing, addresses = (
        [value for name, value in found if name == wanted]
        for wanted in ("public-key", "secret-key", "server-key", "signing-key", "address"))
    if not (public and secret and server and addresses):
        raise Stop(2, f"{path}: needs public-key, secret-key, server-key and address")
    curve = [key[0].encode() for key in (public, secret, server)]
    return {"curve": curve, "signing": z85.decode(signing[0]) if signing else None, "addresses": addresses}

def read_head(welcome, signing_key):
    """The head in WELCOME: a text of three lines or more, an empty one, and the signatures. The first of these is by
    the board, whose key is 32 bytes; None where the key file does not have it."""
    text, _, signatures = welcome["head"].partition("\n\n")
    origin, size, root = text.split("\n")[:3]
    if origin != f"{welcome['board']}.{welcome['epoch']}" or int(size) != welcome["number"]:
        raise rewritten(f"a tree head of {origin} with {size} entries is not that of the board")
    if signing_key:
        signature = base64.b64decode(signatures.split(" ")[2])[4:]
        try:
            Ed25519PublicKey.from_public_bytes(signing_key).verify(signature, f"{text}\n".encode())
        except InvalidSignature:
            raise rewritten(f"the tree head of {origin} is not signed by the board's key") from None
    return [origin, int(size), root]

def shown_in_hello(kept):
    """So that the broker, too, can say that it does not have what we saw."""
    return {"number": kept[1], "root": base64.b64decode(kept[2])} if kept else {}

def needs_proof(kept, head):
    """Of what is kept from before, if there is something: a journal only grows."""
    if kept and (kept[0] != head[0] or kept[1] > head[1] or (kept[1] == head[1] and kept[2] != head[2])):
        raise rewritten(f"the journal was rolled back or rewritten: we saw {kept}, and the broker shows {head}")
    return bool(kept) and 0 < kept[1] < head[1]

def check_proof(kept, head, proof):
    """Consistency: from the hashes of the proof both roots must follow, the old one and the new one."""
    if not is_consistent(kept[1], base64.b64decode(kept[2]), head[1], base64.b64decode(head[2]), proof):
        raise rewritten(f"the journal was rewritten: {head} does not begin with {kept}")

def is_consistent(old_size, old_root, size, root, proof):
    hashes = [proof[at:at + 32] for at in range(0, len(proof), 32)]
    if old_size & (old_size - 1) == 0:  # a power of two: the old tree is a node of the new one
        hashes.insert(0, old_root)
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not hashes:
        return False
    old = new = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(other, old), node(other, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node(new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == root

def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()
