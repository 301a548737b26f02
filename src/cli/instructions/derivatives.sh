sed 's/sanduq-event/sanduq-derivative/' "$work/officers" > "$work/makers"
for made in $(find data/derivatives/* ! -name '*.*'); do
  said() { sed -n "s/^$1: //p" "$made.txt"; }
  test "$(cut -d ' ' -f 1 "$made.txt" | sed '/^words:$/d' | tr '\n' ' ')" = 'sanduq-derivative/1 bundle: record: unit: original: derivative: bytes: type: how: officer: '
  said how | grep -Eqx 'metadata-removed|by-hand'
  ssh-keygen -Y verify -f "$work/makers" -I officer -n sanduq-derivative -s "$made.sig" < "$made.txt"
  test "$(sed -n 1p "$made.txt")" = sanduq-derivative/1
  test "$(said bundle)" = "$bundle"
  test "$(said derivative)" = "$(sha256sum "$made" | cut -c 1-64)"
  test "$(said bytes)" = "$(wc -c < "$made")"
  unit=
  for record in data/records/*; do
    if [ "$(sha256sum "$record/disclosure-sha256.txt" | cut -c 1-64)" = "$(said record)" ]; then unit=$record/units/$(said unit).json; fi
  done
  number=$(echo "${made##*/}" | sed 's/^0*//')
  grep -q "^{\"unit\":\"file\",.*\"value\":{\"position\":[0-9]*,\"file\":$number,.*\"sha256\":\"$(said original | grep '^[0-9a-f]\{64\}$')\"}}$" "$unit"
  printf '%s\n' "$made: $(said how) $(said words | tr -d '\000-\037\177')"
done
