"""An invented calendar, with the library of OpenTimestamps (python-opentimestamps).

    calendar.py pending FILE        the proof that FILE's digest waits for a calendar
    calendar.py attested FILE       the proof that it leads to a made-up block as well, and on stderr the block's header
    calendar.py again PROOF         the proof, read and written again
"""

import hashlib
import struct
import sys

from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpPrepend, OpSHA256
from opentimestamps.core.serialize import BytesDeserializationContext, BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp

HEIGHT = 902645
TIME = 1795459200


def written(proof):
    context = BytesSerializationContext()
    proof.serialize(context)
    return context.getbytes()


def begun(data):
    proof = DetachedTimestampFile(OpSHA256(), Timestamp(hashlib.sha256(data).digest()))
    # The client adds a nonce, so that a calendar learns nothing of the file.
    nonced = proof.timestamp.ops.add(OpAppend(bytes(range(16)))).ops.add(OpSHA256())
    sent = nonced.ops.add(OpPrepend(bytes(4))).ops.add(OpAppend(b"\x07" * 8))
    sent.attestations.add(PendingAttestation("https://calendar.example"))
    return proof, sent


def attested(data):
    proof, sent = begun(data)
    # A transaction with the digest in it, and its way to the root.
    transaction = sent.ops.add(OpPrepend(b"\x01" * 60)).ops.add(OpAppend(b"\x02" * 40))
    transaction_id = transaction.ops.add(OpSHA256()).ops.add(OpSHA256())
    root = transaction_id.ops.add(OpAppend(b"\x03" * 32)).ops.add(OpSHA256()).ops.add(OpSHA256())
    root.attestations.add(BitcoinBlockHeaderAttestation(HEIGHT))
    header = struct.pack("<i32s32sIII", 4, b"\x05" * 32, root.msg, TIME, 0x1D00FFFF, 7)
    return proof, header


def main(verb, path):
    data = open(path, "rb").read()
    if verb == "pending":
        proof = begun(data)[0]
    elif verb == "attested":
        proof, header = attested(data)
        sys.stderr.write(header.hex())
    else:
        context = BytesDeserializationContext(data)
        proof = DetachedTimestampFile.deserialize(context)
        context.assert_eof()
    sys.stdout.buffer.write(written(proof))


main(*sys.argv[1:])
