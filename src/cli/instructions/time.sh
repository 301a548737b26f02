stamped=$(sha256sum "$work/checkpoint.txt" | cut -c 1-64)
for stamp in data/time/*; do
  case "$stamp" in
    *.tsr)
      openssl ts -reply -in "$stamp" -text > "$work/stamp"
      grep -q '^Hash Algorithm: sha256$' "$work/stamp"
      test "$(sed -n 's/^    00[01]0 - \(.\{47\}\) .*/\1/p' "$work/stamp" | tr -d ' \n-')" = "$stamped"
      sed -n "s|^Time stamp: |$stamp: it claims |p" "$work/stamp"
      if [ -n "${ROOT:-}" ]; then
        openssl ts -verify -data "$work/checkpoint.txt" -in "$stamp" -CAfile "$ROOT"
      else
        echo "$stamp: NOT checked whether the authority signed that: ROOT names no certificate"
      fi
      ;;
    *)
      test "$(head -c 65 "$stamp" | tail -c 32 | xxd -p -c 32)" = "$stamped"
      echo "$stamp: NOT checked to which block it leads: ots info $stamp"
      ;;
  esac
done
