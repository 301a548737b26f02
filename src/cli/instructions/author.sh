test "$(sha256sum data/author | cut -c 1-64)" = "$(sed -n 's/^Author-Commit-SHA256: //p' data/bundle/bag-info.txt)"
test "$(sed -n 's/^bundle-key: //p' data/author)" = "$(sed -n 1p data/bundle/signer.pub)"
test "$(sed -n 's/^bundle-pq-key: //p' data/author)" = "$(sed -n 2p data/bundle/signer.pub)"
test "$(sed -n 's/^disclosure: //p' data/author)" = "$committed"
test "$(sed -n 's/^proof: //p' data/author)" = "$(sed -n 's/^Proof-Commit-SHA256: //p' data/bundle/bag-info.txt)"
test "$(sed -n 's/^card: //p' data/author)" = "$(sha256sum data/card | cut -c 1-64)"
sed -n 's/^author: //p' data/author | strong
echo "author namespaces=\"sanduq-author\" $(sed -n 's/^author: //p' data/author)" > "$work/author"
ssh-keygen -Y verify -f "$work/author" -I author -n sanduq-author -s data/author.sig < data/author
