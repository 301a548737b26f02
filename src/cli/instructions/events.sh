sed -n 's/^officer: [^ ]* \(ssh-ed25519 [^ ]*\) .*/officer namespaces="sanduq-event" \1/p' "$work/card" > "$work/officers"
while read -r key; do echo "${key#*\" }" | strong; done < "$work/officers"
for record in data/records/*; do
  echo "disclose $(sha256sum "$record/disclosure-sha256.txt" | cut -c 1-64)"
done > "$work/disclosed"
for event in data/events/*.txt; do
  test "$(wc -l < "$event")" = 0
  ssh-keygen -Y verify -f "$work/officers" -I officer -n sanduq-event -s "${event%txt}sig" < "$event"
  grep -Eqx "open $bundle [0-9a-f]{64}|(disclose|hold) [0-9a-f]{64}|transfer [0-9a-f]{64} [0-9a-f]{64}" "$event"
  if ! grep -q '^open ' "$event"; then
    grep -Fxq "disclose $(cut -d ' ' -f 2 "$event")" "$work/disclosed"
  fi
  leaf=$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(xxd -p -c 32 data/salt)" "$event" | sed 's/.*= */sanduq-log\/1 event /')
  logged=
  if [ -f "${event%txt}tlog-proof" ]; then
    in_log "${event%txt}tlog-proof" "$leaf"
    logged=", which the log has"
  fi
  printf '%s\n' "$(cat "$event"): $leaf$logged"
done > "$work/told"
grep '^open \|^disclose \|^hold \|^transfer ' "$work/told"
while read -r line; do grep -q "^$line: " "$work/told"; done < "$work/disclosed"
