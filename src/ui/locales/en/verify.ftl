# Words of sanduq-verify: checks for anyone, without a key.

## Help

help-verify = Checks bundles, receipts, cards, proofs of authorship and disclosures; needs no key and no vault
help-verify-after =
    Every check is printed with its outcome. It ends with 0 only if all of them hold.
    The same checks with tools you have already: docs/guide/auditors.md
help-verify-bundle = Check that nothing in a bundle was changed since it was signed
help-verify-receipt = Check that the log named on a card holds a bundle
help-verify-card = Check an organisation's card
help-verify-proof = Check that whoever sealed a bundle says what a proof says
help-verify-disclosure = Check a redacted copy that an officer disclosed
help-arg-verify-card = The card of the organisation whose log gave the receipts
help-arg-verify-files = The files to check
help-arg-verify-proof = The proof; its signature lies beside it, with .sig behind the name
help-arg-verify-bundle = The bundle, or a folder it was unpacked into
help-arg-verify-challenge = What you asked the author to answer
help-arg-verify-dirs = The folders

## Outcomes

verify-file = Checked:
verify-holds = holds: { $asked }
verify-fails = DOES NOT HOLD: { $asked }
verify-not-asked = not checked: { $asked }
verify-all-hold = All checks hold.
verify-bundle-means = This shows that nothing was changed since it was signed. It does not show who signed: the keys lie in the bundle itself and were made for it alone. Who stands behind it is sealed inside.
verify-receipt-means = This shows that the log on this card holds the bundle. Whether the card is the organisation's, its eight words show: compare them with the organisation.
verify-card-means = This shows that the card is whole, not whose it is: compare its eight words with those the organisation reads out to you.
verify-proof-means = This shows that whoever sealed the bundle says this, to your challenge. It does not show who that is. That nothing in the bundle was changed since, "sanduq-verify bundle" shows.
verify-proof-unasked = This shows that whoever sealed the bundle says this. It does not show who that is, nor to whom it was said: if the challenge above is not yours, the proof may be an old one that was made for somebody else.
verify-disclosure-means = This shows that nothing that is shown was changed or added since it was sealed, and that it may be shown. What was withheld is only counted. Whose the card is, its eight words show: compare them with the organisation.
verify-not-proved = not proved: { $what }
err-verify-failed = Not all checks hold.
hint-verify-failed = Keep the file exactly as it is, and get it once more by another way to compare.

## Checks

check-bundle-layout = the container has the members of a bundle, in their order, and nothing else
check-bundle-declaration = it declares itself as a BagIt bag
check-bundle-keys = the keys it was signed with are whole and not weak
check-bundle-manifest = the encrypted payload is the one in the manifest
check-bundle-tag-manifest = all other members are those in the tag manifest
check-bundle-signature = the Ed25519 signature is over this tag manifest
check-bundle-pq-signature = the post-quantum signature is over this tag manifest
check-card-signatures = the card is whole, and every signature on it is by the key it names
check-card-in-time = the card is valid today
check-receipt-form = the receipt is a proof about one bundle
check-receipt-checkpoint = the log named on the card signed this checkpoint
check-receipt-witnesses = as many witnesses cosigned it as the card demands
check-receipt-inclusion = the bundle is in the log that this checkpoint sums up
check-receipt-bundle = the receipt is about this bundle
check-proof-commits = what the bundle commits to is in the list that gives it its id
check-proof-form = the proof is spelled as it must be, and its key is not weak
check-proof-bundle = the proof is about this bundle
check-proof-commitment = its key is the one that the bundle has committed to since it was sealed
check-proof-signature = that key signed the bundle's id, the challenge and the words together
check-proof-challenge = it answers the challenge that you gave
check-disclosure-layout = the folder has the plain files of a disclosure, and nothing else
check-disclosure-declaration = it declares itself as a disclosure, and counts what is there
check-disclosure-manifests = both lists name every file as it is
check-disclosure-bundle = the outside of the bundle it is taken from is there
check-disclosure-records = each record is in the list that the bundle commits to
check-disclosure-units = every unit that is shown is in its record's list, as it is
check-disclosure-files = every original is named by a unit that is shown, and none of these is missing
check-disclosure-terms = its authors' terms allow it
check-disclosure-author = the author's statement is the one that the bundle commits to, about this card, and signed
check-disclosure-events = what was done is signed by officers of the card, and is about these records

## Values

value-bundle = Bundle:
value-signer = Fingerprint of the keys in the bundle:
value-name = Organisation:
value-serial = Serial number:
value-valid-until = Valid until:
value-quorum = Officers who open together, of all:
value-card = SHA-256 of the card:
value-card-key = Fingerprint of the card key:
value-words = Its eight words:
value-log = Log:
value-leaf = Entry in the log:
value-size = Entries in the log at that time:
value-root = Root of the log:
value-challenge = In answer to:
value-said = Whoever sealed the bundle says:
value-audience = Disclosed for:
value-records = Records shown, of all in the bundle:
value-record = Record:
value-units = Its units shown, of all; the others were withheld:
value-author = The author's key:
value-author-words = The author's eight words:

## Not proved

unproved-author = who stands behind it: the author's statement was not released
unproved-addressee = that it was sealed to the organisation of this card, which only the author's statement shows
unproved-receipt = that the organisation's log holds the bundle: there is no receipt
unproved-events = that the events stand in the organisation's log: they are not shown to be logged
unproved-complete = that nothing more was taken out by those through whose hands it went
unproved-truth = that what is said is true
