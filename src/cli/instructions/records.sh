committed=$(sed -n 's/^Disclosure-SHA256: //p' data/bundle/bag-info.txt)
test "$(sha256sum data/records-sha256.txt | cut -c 1-64)" = "$committed"
test "$(sed -n 1p data/records-sha256.txt)" = "$(sha256sum data/salt | cut -c 1-64)  salt"
for record in data/records/*; do
  grep -Fxq "$(sha256sum "$record/disclosure-sha256.txt" | cut -c 1-64)  ${record#data/}/disclosure-sha256.txt" data/records-sha256.txt
  test -z "$(grep -v '^[0-9a-f]\{64\}  units/[0-9]*\.json$' "$record/disclosure-sha256.txt")"
  test -f "$record/units/0001.json"
  grep -q '^{"unit":"consent",' "$record/units/0001.json"
  (cd "$record" && sha256sum --strict --quiet --ignore-missing -c disclosure-sha256.txt)
  for unit in "$record"/units/*; do
    cut -c 67- "$record/disclosure-sha256.txt" | grep -Fxq "units/${unit##*/}"
  done
  echo "$record: $(ls "$record/units" | wc -l) of $(wc -l < "$record/disclosure-sha256.txt") units are shown"
  sed 's/.*"value":/terms: /;s/}$//' "$record/units/0001.json" | tr -d '\000-\011\013-\037\177'
done
test -z "$(cat data/records/*/units/0001.json | grep '"share":"organisation"')"
if [ "$(sed -n 's/^Disclosed-For: //p' bag-info.txt)" = public ]; then
  test -z "$(cat data/records/*/units/0001.json | grep '"share":"court"')"
fi
