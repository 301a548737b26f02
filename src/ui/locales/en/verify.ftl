# Words of sanduq-verify: checks for anyone, without a key.

## Help

help-verify = Checks bundles, receipts, cards, proofs of authorship, logs and disclosures; needs no key and no vault
help-verify-after =
    Every check is printed with its outcome. It ends with 0 only if all of them hold.
    The same checks with tools you have already: docs/guide/auditors.md
help-verify-bundle = Check that nothing in a bundle was changed since it was signed
help-verify-receipt = Check that the log named on a card holds a bundle
help-verify-card = Check an organisation's card
help-verify-proof = Check that whoever sealed a bundle says what a proof says
help-verify-log = Check that a log is whole, and that it grew out of what it showed before
help-arg-verify-log = The folder of the log, as "sanduq-intake log export" wrote it
help-arg-verify-since = What the log showed before: a checkpoint, a receipt, or the folder of an older export; may be named several times
help-arg-verify-lacks = A bundle's id, or another digest, that no entry may name: shows that it was not there
help-arg-verify-at = Among how many of the first entries it is looked for; all, if nothing is said
help-arg-verify-stamp = A stamp on the receipt's checkpoint, which tells a time from outside; may be named several times
help-arg-verify-block-header = The header of a block that a stamp leads to, 160 digits, from a node of Bitcoin that you believe
help-witness = Be a witness: sign the heads of a log as long as it only grows
help-witness-init = Make a witness of this name, with keys of its own
help-witness-keys = Print your two public keys, for the organisation
help-witness-cosign = Cosign the head in a request of the desk, if it grew out of the last one you cosigned
help-witness-status = Which heads you cosigned last, and your public keys
help-arg-witness = The folder of the witness
help-arg-witness-name = The name the witness goes by, without spaces: an address of yours, say
help-arg-witness-request = What the desk asked, as "sanduq-intake log ask" wrote it
help-arg-witness-to = Where the answer to the desk is written
help-arg-verify-card = The card of the organisation whose log it is
help-verify-disclosure = Check a redacted copy that an officer disclosed
help-arg-verify-files = The files to check
help-arg-verify-proof = The proof; its signature lies beside it, with .sig behind the name
help-arg-verify-bundle = The bundle, or a folder it was unpacked into
help-arg-verify-challenge = What you asked the author to answer
help-arg-verify-dirs = The folders
help-arg-verify-disclosure-log = The organisation's log, as it was exported

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
verify-log-means = This shows that the log, as it is here, is what its key signed, and grew out of everything you held against it. What it showed to others and not to you, only its witnesses and other people's receipts show.
verify-disclosure-means = This shows that what is shown was not changed or added to since it was sealed, but for copies in the place of originals, which an officer signed, and that it may be shown. What was withheld is only counted. Whose the card is, its eight words show: compare them with the organisation.
verify-token-command = Whether the authority signed the time it claims, this tells; ROOT.pem is its root certificate, which you get from the authority:
verify-not-proved = not proved: { $what }
err-verify-failed = Not all checks hold.
hint-verify-failed = Keep the file exactly as it is, and get it once more by another way to compare.

## Checks

check-bundle-layout = the container has the members of a bundle, in their order, and nothing else
check-bundle-declaration = it declares itself as a BagIt bag
check-bundle-keys = the keys it was signed with are whole and not weak
check-bundle-manifest = the encrypted payload is the one in the manifest
check-bundle-sealed = the payload begins as every sealed one does, and names no recipient
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
check-stamp-form = the stamp is a time-stamping authority's token or a proof of OpenTimestamps
check-stamp-head = it is over this checkpoint
check-stamp-block = a stamp leads to the block whose header you gave
check-log-stamps = every stamp is over a head that the entries make
check-proof-commits = what the bundle commits to is in the list that gives it its id
check-proof-form = the proof is spelled as it must be, and its key is not weak
check-proof-bundle = the proof is about this bundle
check-proof-commitment = its key is the one that the bundle has committed to since it was sealed
check-proof-signature = that key signed the bundle's id, the challenge and the words together
check-proof-challenge = it answers the challenge that you gave
check-log-head = the newest checkpoint is spelled as it must be
check-log-leaves = every entry is there
check-log-root = the entries make the root that the checkpoint names
check-log-tiles = the files of its tree are what the entries make
check-log-once = no entry stands there twice
check-log-since = the log grew out of what it showed before
check-log-lacks = no entry names what you asked about
check-disclosure-layout = the folder has the plain files of a disclosure, and nothing else
check-disclosure-declaration = it declares itself as a disclosure, and counts what is there
check-disclosure-manifests = both lists name every file as it is
check-disclosure-bundle = the outside of the bundle it is taken from is there
check-disclosure-records = each record is in the list that the bundle commits to
check-disclosure-units = every unit that is shown is in its record's list, as it is
check-disclosure-files = every original is named by a unit that is shown, and each of these is there, or something in its place
check-disclosure-derivatives = what lies in the place of an original is what an officer of the card signed that it is
check-disclosure-terms = its authors' terms allow it
check-disclosure-author = the author's statement is the one that the bundle commits to, about this card, and signed
check-disclosure-events = what was done is signed by officers of the card, and is about these records
check-disclosure-logged = the proofs show that the organisation's log has these events
check-disclosure-stands = the log, as it is here, says of no record that its author withdrew it
check-disclosure-custody-record = the custody record for other programs (custody.jsonld) says what the rest of the folder says

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
value-convicts = Keep this exactly as it is. With the other one it convicts the log, for its key signed both:
value-said = Whoever sealed the bundle says:
value-audience = Disclosed for:
value-records = Records shown, of all in the bundle:
value-record = Record:
value-units = Its units shown, of all; the others were withheld:
value-derivative = In the place of an original, and how it was made:
value-logged = Events that the log is shown to have, of all:
value-author = The author's key:
value-author-words = The author's eight words:
value-stamp-token = Stamp of a time-stamping authority:
value-stamp-proof = Stamp of OpenTimestamps:
value-imprint = It is over the checkpoint with this SHA-256:
value-token-time = The time it claims, in UTC:
value-authority = Whose it says it is:
value-token-serial = Its serial number:
value-calendar = A calendar that promises more:
value-block = It leads to Bitcoin's block of this height:
value-merkle-root = which must have this Merkle root:
value-block-time = By the header you gave it was there before this time in UTC, give or take two hours:
value-block-hash = The name of that block:

## A witness

witness-init-done = The witness lies here. Only you should be able to read this folder:
witness-init-keys = These are its public keys. The organisation names both on its next card:
witness-init-safe = Keep a copy of the folder, and never put an older copy back to work: the witness would forget what it has seen.
witness-first =
    { $size ->
        [one] Cosigned: the first head of this log that you see, with one entry. The answer lies here:
       *[other] Cosigned: the first head of this log that you see, with { $size } entries. The answer lies here:
    }
witness-cosigned = Cosigned: the log grew from { $old } to { $size } entries and nothing before was changed. The answer lies here:
witness-ask-again =
    { $size ->
        [one] Not cosigned yet: you cosigned this log with one entry last, and the request begins elsewhere. The answer says so, and the desk asks again:
       *[other] Not cosigned yet: you cosigned this log with { $size } entries last, and the request begins elsewhere. The answer says so, and the desk asks again:
    }
witness-next = Hand it back to the organisation. At its desk:
witness-no-logs = No head was cosigned yet. The first one:
witness-log-size =
    { $size ->
        [one] Cosigned last with one entry, and this root:
       *[other] Cosigned last with { $size } entries, and this root:
    }
witness-log-day = on { $day }
err-log-convicted = THIS LOG SHOWS TWO HISTORIES. Both heads are signed by its key, and they cannot both be true.
hint-log-convicted = Keep both heads exactly as they are, and show them to everybody who relies on this log.
safe-not-cosigned = Nothing was cosigned.
err-no-witness-home = No folder for the witness was named, and this system names none.
err-no-witness = There is no witness in this folder:
hint-no-witness = Name its folder, or make one:
err-witness-not-empty = There is something in this folder, and no witness is made over it:
hint-witness-not-empty = Name a folder that is empty or not there yet.
err-witness-name = A witness cannot go by this name:
hint-witness-name = A name has no spaces and no plus sign, and at most 255 bytes.
err-witness-damaged = What the witness remembers cannot be read, so it cannot tell whether the log grew:
hint-witness-damaged = Put back the newest copy of this file. If there is none, make a new witness and tell the organisation its keys: one that forgot what it saw says nothing.
err-witness-card = This card does not hold:
err-witness-request = This is no request of a desk:
hint-witness-request = Ask the organisation for what "sanduq-intake log ask" writes.
err-witness-log = This head cannot be cosigned:
hint-witness-log = Either the request is damaged or of another log than the card's, or the log did not grow out of what you saw. Have the desk ask once more. If it stays so, ask for the whole log and hold it against what you have: sanduq-verify log.
err-witness-busy = Another program is using this witness:

## Not proved

unproved-author = who stands behind it: the author's statement was not released
unproved-addressee = that it was sealed to the organisation of this card, which only the author's statement shows
unproved-receipt = that the organisation's log holds the bundle: there is no receipt
unproved-derivative = that what lies in the place of an original shows what the original shows: that is the word of the officer who signed it
unproved-events = that each of the events stands in the organisation's log: not all are shown to be logged
unproved-stands = that no record was withdrawn since: ask the organisation for its newest log, and use --log
unproved-complete = that nothing more was taken out by those through whose hands it went
unproved-truth = that what is said is true
unproved-authority-signature = the time that the authority's token claims: its signature is not checked here
unproved-block = a time: compare the Merkle root with that of Bitcoin's block of this height, or give its header with --block-header
unproved-chain = that the block whose header you gave is one of Bitcoin's: look its name up
unproved-pending = a time by OpenTimestamps: only calendars know of the checkpoint so far

## A report on a disclosure

help-verify-report = Check a redacted copy, and write what it shows as a page to print
help-arg-report-dir = The folder that was disclosed
help-arg-report-to = Where the page is written: a new file outside that folder
report-written = The report is written. A browser shows it and prints it, also as a PDF. It holds the words that were disclosed and the pictures, not other files: these lie in the folder. Keep it as the folder itself:
err-report-inside = A report is not written into the folder it is about: it would be another folder then.
hint-report-inside = Name a file elsewhere.
report-title = Report on a disclosure
report-bad = NOT ALL CHECKS HOLD.
report-bad-means = Do not rely on what this page shows. Something in the folder is not as it was sealed, signed or listed, or is missing. Parts that could not be checked are left out below. Keep the folder exactly as it is, and get it once more by another way. What does not hold:
report-day = Checked on { $day }, by the clock of the computer on which this page was made. Anyone can make it again from the folder.
report-about = What this is about
report-about-means = Somebody sealed evidence to an organisation. An officer of the organisation has disclosed a part of it. What is shown is the signed original, less what was withheld; only a copy in the place of an original was made later, and it says so.
report-for = Disclosed for
report-for-court = a court or an official investigation
report-for-public = the public
report-unread = This could not be read.
report-organisation = Organisation
report-words = Eight words
report-compare = To be done
report-compare-means = Have the organisation read out its eight words to you, by a way you trust, and compare them. Only this shows that the card is theirs.
report-card = SHA-256 of its card
report-bundle = The bundle's id
report-records = Records shown
report-of = { $some } of { $all }
report-shown = What is shown
report-shown-means = Each record is one testimony or one document. Its words are those of whoever sealed it, and not checked for their truth. A black mark stands where something was withheld in between.
report-record = Record { $number }
report-record-bad = This record is not shown, because something in it does not hold. The checks name it.
report-kind = Kind
report-when = When
report-sure = How sure
report-sure-certain = certain, says whoever told it
report-sure-about = about that time, says whoever told it
report-sure-uncertain = not sure, says whoever told it
report-gregorian = (Gregorian calendar)
report-where = Where
report-person = Person named
report-pseudonym = Told under the name
report-terms = Terms
report-consent-words = Words on the terms
report-units = Units shown
report-record-id = SHA-256 of its list
report-account = Account
report-account-part = What was withheld at the end of a paragraph or of the account cannot be seen here; the count below has it.
report-gap = withheld
report-whole = Nothing of this record was withheld.
report-withheld =
    { $count ->
        [one] One unit of this record was withheld. Nothing is known of it but that it is there.
       *[other] { $count } units of this record were withheld. Nothing is known of them but that they are there.
    }
report-file = File { $position }
report-label = Name
report-path = In the folder
report-in-its-place = In its place
report-media-type = Kind of data
report-bytes = Length
report-size = { $size }
report-sha256 = SHA-256
report-file-withheld = The file itself was withheld.
report-file-missing = The file is not in the folder.
report-file-derived = The original was not disclosed. A copy that an officer made from it lies in its place, in data/derivatives, with a signed statement of how. That it shows what the original shows is the word of that officer.
report-file-other = The file in the folder is another one, and not shown here.
report-picture-large = The picture is too large for this page. It lies in the folder.
report-picture-none = The file says it is a picture, and does not begin as one. It lies in the folder.
report-custody = The chain of custody
report-custody-means = The way of the evidence, step by step. For each step it says who did it, and what shows that.
report-custody-order = The picture shows the order of the way and no clock. That sealing came first is certain, for everything after it names the digest of what was sealed. Whether the entry in the log or the opening came earlier, nothing here proves.
report-step-sealed = sealed
report-step-logged = in the log
report-step-opened = opened
report-step-disclosed = disclosed
report-state-shown = shown
report-state-fails = does not hold
report-state-not-shown = not shown
report-sealed = It was sealed to the organisation
report-logged = It was taken in and entered in the organisation's log
report-opened = An officer opened it
report-disclosed = An officer disclosed record { $number }
report-held = An officer noted that record { $number } must be kept for a proceeding
report-transferred = An officer noted that record { $number } was handed over
report-transferred-to = To the organisation whose card has the SHA-256
report-by = By
report-by-author = the author, whose key has the eight words
report-by-unnamed = not named
report-shown-by = Shown by
report-sealed-shown = two signatures of keys that were made for this bundle alone, over the list of everything in it
report-logged-shown = the receipt: hashes lead from the bundle to a head of the log, and the log signed that head
report-event-shown = two signatures of an officer whose keys stand on the card
report-once-key = Fingerprint of the keys
report-in-log = In the log
report-entry = entry number { $index } of { $size }; the first has the number 0
report-not-logged = not shown. Look for this entry in the organisation's log:
report-event-logged = The organisation's log has it.
report-leaf-line = Entry
report-time = Time
report-no-time = no time is shown
report-by-time = not later than { $day }, by the clock of a witness:
report-officer = officer number { $place } of the card
report-not-opened = No event says who opened it.
report-events-bad = Events are missing or do not hold, and those are left out here. The checks name them.
report-author = Who stands behind it
report-no-author = Not shown: the author's statement was not released. Nothing on this page says who sealed this.
report-author-means = The author's statement was released. The bundle has committed to it since it was sealed. Whose key this is, only people who know it can say: compare its eight words.
report-key = Fingerprint of the keys
report-receipt = The receipt
report-no-receipt = Not shown: there is no receipt.
report-receipt-means = With this receipt the organisation's log says that it holds the bundle.
report-log = Log
report-leaf = Entry, counted from 0
report-size-of-log = Entries in the log then
report-root = Root of the log
report-witnesses = Witness
report-no-witnesses = No witness has cosigned this head.
report-cosigned = cosigned on { $day }, by its own clock:
report-checks = The checks
report-checks-means = Each was made anew for this page, from the folder alone.
report-not-proved = What is not proved
report-not-proved-means = Though every check holds, this stays open:
report-how = How to check this without us
report-how-means = In the folder lies VERIFY.txt: what is checked, in words, with commands that most Linux computers know. Read it; then type these two lines in the folder. Only if "all of it holds" appears at the end, all of it held. Whoever does not trust the folder takes the same commands from the page of the format, docs/spec/disclosure.md.
report-how-again = With our program, without a key and without a network:
