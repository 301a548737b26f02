sed '/^-----BEGIN SSH SIGNATURE-----$/,$d' data/card > "$work/card"
awk '/^-----BEGIN SSH SIGNATURE-----$/ { n++ } n == 1' data/card > "$work/card.sig"
sed -n 's/^key: //p' "$work/card" | strong
echo "card namespaces=\"sanduq-card\" $(sed -n 's/^key: //p' "$work/card")" > "$work/card-key"
ssh-keygen -Y verify -f "$work/card-key" -I card -n sanduq-card -s "$work/card.sig" < "$work/card"
sed -n 's/^name: /card: /p' "$work/card" | tr -d '\000-\011\013-\037\177'
