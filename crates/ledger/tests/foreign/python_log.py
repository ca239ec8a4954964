"""A log written by aics-tlog and fed to a witness by aics-witness's own words, for tests/foreign_witness.rs.

    python_log.py FOLDER WITNESS_VKEY SIZE...

Prints the log's key; then for each size a line `add BASE64` with the body of an add-checkpoint request. Reads back
`STATUS BASE64` and checks the witness's signature. Ends with a fork of itself (422) and a request on an old size (409).
"""

import base64
import sys
import time

from aics_tlog.checkpoint import Checkpoint, checkpoint_from_note, sign_checkpoint, verify_checkpoint
from aics_tlog.note import format_vkey, parse_note, parse_vkey, vkey_from_ed25519
from aics_tlog.tiles import consistency_proof_from_tiles
from aics_tlog.tree import MerkleTree
from aics_tlog.writer import DirectoryTileStore, IncrementalTileWriter
from aics_witness.feeder import merge_cosignatures
from aics_witness.protocol import format_add_checkpoint_request, parse_size_body
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "python.example/log"


def ask(body):
    print("add", base64.b64encode(body).decode(), flush=True)
    status, answer = sys.stdin.readline().rstrip("\n").split(" ")
    return int(status), base64.b64decode(answer)


folder, witness, sizes = sys.argv[1], parse_vkey(sys.argv[2]), [int(size) for size in sys.argv[3:]]
key = Ed25519PrivateKey.generate()
log_key = vkey_from_ed25519(ORIGIN, key.public_key())
print(format_vkey(log_key), flush=True)


def signed(size, root):
    return sign_checkpoint(Checkpoint(ORIGIN, size, root), key, ORIGIN).to_bytes()


store = DirectoryTileStore(folder, fsync=False)
writer = IncrementalTileWriter(store)
old = 0
for size in sizes:
    writer.append([f"entry {index}".encode() for index in range(old, size)])
    note = signed(size, writer.root())
    proof = consistency_proof_from_tiles(store, old, size) if old else []
    status, answer = ask(format_add_checkpoint_request(old, proof, note))
    assert status == 200, (status, answer)
    cosigned = merge_cosignatures(note, answer.decode())
    result = verify_checkpoint(parse_note(cosigned), log_key, [witness], 1, max_age_seconds=60, now=int(time.time()))
    assert result.ok, result
    assert checkpoint_from_note(cosigned)[0].size == size
    store.write_checkpoint(cosigned)
    old = size

fork = MerkleTree(f"other {index}".encode() for index in range(old + 1))
status, _ = ask(format_add_checkpoint_request(old, fork.consistency_proof(old), signed(old + 1, fork.root())))
assert status == 422, status
status, answer = ask(format_add_checkpoint_request(0, [], signed(old, writer.root())))
assert (status, parse_size_body(answer)) == (409, old), (status, answer)
print("good", flush=True)
