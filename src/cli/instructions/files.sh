grep -h '^{"unit":"file",' data/records/*/units/*.json | sed 's/.*"value":{"position":[0-9]*,"file":\([0-9]*\),.*"size":\([0-9]*\),"sha256":"\([0-9a-f]*\)"}}$/\1 \2 \3/' | sort -u > "$work/files"
test "$(cut -d ' ' -f 1 "$work/files" | sort -u | wc -l)" = "$(ls data/files | wc -l)"
while read -r number size digest; do
  file=data/files/$(printf %04d "$number")
  test "$(wc -c < "$file")" = "$size"
  test "$(sha256sum "$file" | cut -c 1-64)" = "$digest"
done < "$work/files"
