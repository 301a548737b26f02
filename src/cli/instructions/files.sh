grep -h '^{"unit":"file",' data/records/*/units/*.json | sed 's/.*"value":{"position":[0-9]*,"file":\([0-9]*\),.*"size":\([0-9]*\),"sha256":"\([0-9a-f]*\)"}}$/\1 \2 \3/' | sort -u > "$work/files"
test "$(cut -d ' ' -f 1 "$work/files" | sort -u | wc -l)" = "$(find data/files/* data/derivatives/* ! -name '*.*' 2> "$work/none" | wc -l)"
while read -r number size digest; do
  number=$(printf %04d "$number")
  if [ -f "data/derivatives/$number" ]; then
    grep -Fxq "original: $digest" "data/derivatives/$number.txt"
  else
    test "$(wc -c < "data/files/$number")" = "$size"
    test "$(sha256sum "data/files/$number" | cut -c 1-64)" = "$digest"
  fi
done < "$work/files"
