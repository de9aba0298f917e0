# shellcheck shell=bash
# etcd in the demo: a snapshot of a real etcd to an S3 store, its restore with etcdutl into a second real etcd, and the comparison of both.

demo_etcd() {
  need curl jq age openssl
  need_etcd
  need_s3rver
  local etcd_port s3_port
  etcd_port=$(free_port) s3_port=$(free_port)

  step "etcd: a real one with keys that look like Kubernetes', and an S3 store"
  demo_etcd_start source "$work/etcd-source" "$etcd_port" "$(free_port)"
  demo_etcd_fill "$etcd_port" 3000
  mkdir -p "$work/s3"
  start "$work/s3.log" node "$EBB_S3RVER" --directory "$work/s3" --address 127.0.0.1 --port "$s3_port" --silent --no-vhost-buckets --configure-bucket backups
  await "s3rver" 30 curl -s -o /dev/null "http://127.0.0.1:$s3_port/"
  age-keygen -o "$work/identity.txt" 2>/dev/null
  etcd_settings=(
    "EtcdBackup__Source=etcd" "EtcdBackup__Cluster=demo" "EtcdBackup__Endpoints=http://127.0.0.1:$etcd_port"
    "EtcdBackup__Store=s3://backups" "EtcdBackup__Store__Endpoint=http://127.0.0.1:$s3_port" "AWS_ACCESS_KEY_ID=S3RVER" "AWS_SECRET_ACCESS_KEY=S3RVER"
    "EtcdBackup__AgeRecipients=$(age-keygen -y "$work/identity.txt")" "EtcdBackup__Compress=true" "Storage=sqlite:$work/etcd-storage/ebb.db"
  )
  demo_etcd_snapshot
  demo_etcd_restore "$etcd_port"
}

# demo_etcd_start <name> <data> <port> <peer port>
demo_etcd_start() {
  start "$work/etcd-$1.log" "$EBB_ETCD" --name "$1" --data-dir "$2" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "http://127.0.0.1:$3" --advertise-client-urls "http://127.0.0.1:$3" \
    --listen-peer-urls "http://127.0.0.1:$4" --initial-advertise-peer-urls "http://127.0.0.1:$4" --initial-cluster "$1=http://127.0.0.1:$4"
  await "etcd \"$1\"" 60 curl -sf "http://127.0.0.1:$3/health"
}

# demo_etcd_fill <port> <count>: a hundred keys in each transaction.
demo_etcd_fill() {
  local first
  for ((first = 0; first < $2; first += 100)); do
    jq -n --argjson first "$first" '
      ["pods", "secrets", "configmaps", "events", "deployments"] as $kinds | {success: [range($first; $first + 100) | . as $i | {requestPut: {
        key: ("/registry/\($kinds[$i % 5])/namespace-\($i % 20)/object-\($i)" | @base64),
        value: ("object \($i) " * (10 + $i % 40) | @base64)}}]}' |
      curl -sf -o /dev/null -X POST --data-binary @- "http://127.0.0.1:$1/v3/kv/txn" || die "etcd took no keys"
  done
}

demo_etcd_ebb() { env "${etcd_settings[@]}" "$ebb" "$@"; }

demo_etcd_snapshot() {
  step "ebb run SnapshotOnRequest: etcd to S3, compressed, encrypted, read back"
  if ! demo_etcd_ebb run SnapshotOnRequest --input '{}' >"$work/etcd-run.json" 2>"$work/etcd-run.log"; then
    jq -r '.error.message // empty' "$work/etcd-run.json" >&2
    fail "the snapshot failed"
    return 0
  fi
  jq -r '.result | "\(.name): \(.bytes) bytes of \(.keys) keys at revision \(.revision), stored as \(.objectBytes) bytes in \(.duration)"' "$work/etcd-run.json" |
    while IFS= read -r line; do good "$line"; done
  demo_etcd_ebb etcd list | sed 's/^/       /'
}

# demo_etcd_restore <port of the original>
demo_etcd_restore() {
  local port peer
  port=$(free_port) peer=$(free_port)
  step "ebb etcd fetch, etcdutl snapshot restore, a second etcd: does it hold the same?"
  demo_etcd_ebb etcd fetch latest --identity "$work/identity.txt" --out "$work/demo.db" | sed 's/^/       /'
  quietly "etcdutl snapshot restore" "$EBB_ETCDUTL" snapshot restore "$work/demo.db" --data-dir "$work/etcd-restored" --name restored \
    --initial-cluster "restored=http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer"
  demo_etcd_start restored "$work/etcd-restored" "$port" "$peer"
  demo_etcd_dump "$1" >"$work/etcd-original.txt"
  demo_etcd_dump "$port" >"$work/etcd-restored.txt"
  if cmp -s "$work/etcd-original.txt" "$work/etcd-restored.txt"; then
    good "$(($(wc -l <"$work/etcd-original.txt") - 1)) keys, values and their revisions, and the revision of the whole: all equal"
  else
    fail "the restored etcd differs:"
    diff "$work/etcd-original.txt" "$work/etcd-restored.txt" | head -n 10
  fi
}

# The revision, then every key with its value and the revision that wrote it.
demo_etcd_dump() {
  "$EBB_ETCDCTL" --endpoints "http://127.0.0.1:$1" get "" --from-key -w json |
    jq -r '.header.revision, (.kvs[] | "\(.key) \(.mod_revision) \(.version) \(.value)")'
}
