log=$(sed -n 's/^log: //p' "$work/card")
printf 302a300506032b6570032100 | xxd -r -p > "$work/log"
printf %s "$log" | cut -d + -f 3- | base64 -d | tail -c 32 >> "$work/log"
tail -c 32 "$work/log" | xxd -p -c 32 > "$work/key"
test -z "$(grep -Fx -f "$work/weak" "$work/key")"
in_log() {
  test "$(sed -n 's/^extra //p' "$1" | base64 -d)" = "$2"
  sed '1,/^$/d' "$1" > "$work/checkpoint"
  sed '/^$/,$d' "$work/checkpoint" > "$work/checkpoint.txt"
  test "$(sed -n 1p "$work/checkpoint.txt")" = "${log%%+*}"
  size=$(sed -n 2p "$work/checkpoint.txt")
  root=$(sed -n 3p "$work/checkpoint.txt" | base64 -d | xxd -p -c 32)
  grep -F -- "— ${log%%+*} " "$work/checkpoint" | cut -d ' ' -f 3 | grep '^.\{92\}$' | base64 -d | tail -c 64 > "$work/checkpoint.sig"
  openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/log" -in "$work/checkpoint.txt" -sigfile "$work/checkpoint.sig"
  at=$(sed -n 's/^index //p' "$1")
  case "$size" in '' | 0* | *[!0-9]* | ????????????????*) false ;; esac
  case "$at" in '' | 0?* | *[!0-9]* | ????????????????*) false ;; esac
  last=$((size - 1))
  test "$at" -le "$last"
  hash=$( { printf '\0'; printf %s "$2"; } | sha256sum | cut -c 1-64)
  for sibling in $(sed -n '/^index /,/^$/p' "$1" | sed '1d;$d'); do
    sibling=$(echo "$sibling" | base64 -d | xxd -p -c 32)
    test "$last" -gt 0
    if [ $((at % 2)) = 1 ] || [ "$at" = "$last" ]; then
      hash=$(printf '01%s%s' "$sibling" "$hash" | xxd -r -p | sha256sum | cut -c 1-64)
      while [ $((at % 2)) = 0 ] && [ "$at" != 0 ]; do at=$((at / 2)); last=$((last / 2)); done
    else
      hash=$(printf '01%s%s' "$hash" "$sibling" | xxd -r -p | sha256sum | cut -c 1-64)
    fi
    at=$((at / 2))
    last=$((last / 2))
  done
  test "$last" = 0
  test "$hash" = "$root"
}
