set -eu
export LC_ALL=C
work=$(mktemp -d)
test -z "$(find . ! -type f ! -type d)"
test -z "$(find . -name '*[!a-zA-Z0-9._-]*' ! -name .)"
test -z "$(find . -type f | cut -c 3- | grep -Ev '^((bag-info|bagit|VERIFY|(tag)?manifest-sha256)\.txt|data/(card|salt|(records-sha256|author)(\.txt)?|author(\.pq)?\.sig|custody\.jsonld|receipt\.tlog-proof|bundle/[a-z0-9./-]+|records/[0-9]+/(disclosure-sha256\.txt|units/[0-9]+\.json)|files/[0-9]+|derivatives/[0-9]+(\.txt|(\.pq)?\.sig)?|events/[0-9]+\.(txt|(pq\.)?sig|tlog-proof)|time/[0-9]+\.(tsr|ots)))$')"
test -z "$(cat manifest-sha256.txt tagmanifest-sha256.txt | grep -v '^[0-9a-f]\{64\}  [a-zA-Z0-9]')"
{ cut -c 67- manifest-sha256.txt tagmanifest-sha256.txt; echo tagmanifest-sha256.txt; } | sort > "$work/listed"
find . -type f | cut -c 3- | sort | diff "$work/listed" -
sha256sum --strict --quiet -c manifest-sha256.txt
sha256sum --strict --quiet -c tagmanifest-sha256.txt
test "$(wc -l < bag-info.txt)" = 4
grep -Eqx 'Disclosed-For: (court|public)' bag-info.txt
