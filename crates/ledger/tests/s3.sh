#!/bin/sh
# Runs the tests of storage against a real S3-compatible server on this machine: moto's, from PyPI.
#
#   crates/ledger/tests/s3.sh [python]
#
# Needs `pip install 'moto[server]' boto3` in that Python.
set -eu
cd "$(dirname "$0")/../../.."
python=${1:-python3}
port=$(($$ % 20000 + 20000))
log=$(mktemp)
"$python" -m moto.server -H 127.0.0.1 -p "$port" >"$log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -f "$log"' EXIT
export AWS_ENDPOINT="http://127.0.0.1:$port" AWS_ALLOW_HTTP=true AWS_REGION=us-east-1
export AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing DETENTE_S3_BUCKET=ledger
for _ in $(seq 100); do
    if "$python" - <<'PYTHON' 2>/dev/null; then break; else sleep 0.2; fi
import os, boto3
boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT"], region_name="us-east-1").create_bucket(Bucket="ledger")
PYTHON
done
cargo test -p detente-ledger --features s3 --test storage -- --nocapture
