set -eu
export LC_ALL=C
work=$(mktemp -d)
test -z "$(find . ! -type f ! -type d)"
test -z "$(find . -name '*[!a-zA-Z0-9._-]*' ! -name .)"
{ cut -c 67- manifest-sha256.txt tagmanifest-sha256.txt; echo tagmanifest-sha256.txt; } | sort > "$work/listed"
find . -type f | cut -c 3- | sort | diff "$work/listed" -
sha256sum --strict --quiet -c manifest-sha256.txt
sha256sum --strict --quiet -c tagmanifest-sha256.txt
