test -z "$(grep -v '^[0-9a-f]\{64\}  [a-z0-9]' data/bundle/tagmanifest-sha256.txt)"
{ cut -c 67- data/bundle/tagmanifest-sha256.txt; printf 'tagmanifest-sha256.txt%s\n' '' .sig .pq.sig; } | sort > "$work/listed"
(cd data/bundle && find . -type f | cut -c 3- | sort | diff "$work/listed" -)
(cd data/bundle && sha256sum --strict --quiet -c tagmanifest-sha256.txt)
bundle=$(sha256sum data/bundle/tagmanifest-sha256.txt | cut -c 1-64)
test "$(sed -n 's/^Bundle-SHA256: //p' bag-info.txt)" = "$bundle"
cat > "$work/weak" <<'END'
0000000000000000000000000000000000000000000000000000000000000000
0000000000000000000000000000000000000000000000000000000000000080
0100000000000000000000000000000000000000000000000000000000000000
0100000000000000000000000000000000000000000000000000000000000080
26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05
26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85
c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a
c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa
edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
END
strong() {
  cut -d ' ' -f 2 | base64 -d | tail -c 32 | xxd -p -c 32 > "$work/key"
  test "$(wc -c < "$work/key")" = 65
  test -z "$(grep -Fx -f "$work/weak" "$work/key")"
}
sed -n 1p data/bundle/signer.pub | grep -q '^ssh-ed25519 '
sed -n 1p data/bundle/signer.pub | strong
echo "signer namespaces=\"sanduq-bundle\" $(sed -n 1p data/bundle/signer.pub)" > "$work/signer"
ssh-keygen -Y verify -f "$work/signer" -I signer -n sanduq-bundle -s data/bundle/tagmanifest-sha256.txt.sig < data/bundle/tagmanifest-sha256.txt
echo "bundle $bundle"
