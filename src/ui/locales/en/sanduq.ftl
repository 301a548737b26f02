# Words of sanduq: the vault of a contributor or an officer.

## Help

help-sanduq = Keeps testimony and documents encrypted, and seals them for organisations you trust
help-after =
    Nothing leaves this computer by itself. To see how it works:
      sanduq tour
help-init = Make a vault; in an existing one, a part for one more person
help-add = Keep files and folders, byte for byte
help-testify = Keep a testimony: type it here, or read it from a file
help-consent = Show who may read an item and under which name, and change it
help-edit = Change a testimony that is not sealed yet
help-remove = Remove an item that is not sealed yet
help-list = List what is kept, newest first
help-show = Show everything about one item
help-search = Find items by words in them
help-extract = Write an item's originals out, readable by anyone
help-recipient = Print your line for an organisation's card, as an officer
help-card = Your organisation's card
help-card-sign = Sign a card draft; the card goes to standard output
help-contact = The organisations you can seal to
help-contact-add = Add an organisation's card
help-contact-list = List them
help-contact-show = Show one of them
help-contact-remove = Forget one of them
help-seal = Seal items to an organisation
help-forget = Forget items: nothing here opens them any more
help-withdraw = Withdraw consent for what you sealed to an organisation
help-passphrase = The passphrases that open your part
help-passphrase-change = Put a new passphrase in the place of the one you type
help-passphrase-add = Let another passphrase open your part as well
help-passphrase-remove = Take a passphrase away
help-key-file = A file without which your passphrase does not open
help-key-file-set = Make a key file, which your passphrase needs from then on
help-key-file-drop = Let your passphrase open alone again
help-key = The 24 words that open your part without its passphrase
help-key-words = Show the 24 words, to be written on paper
help-recover = Open a vault, or a copy of one, by the 24 words
help-arg-words-fd = Read the 24 words from this descriptor
help-rekey = New keys for your part, when somebody may have learned the old ones
help-contributor = A contributor's part of the vault
help-contributor-remove = Remove your part, with everything in it
help-panic = Destroy the keys of the whole vault, at once and for ever
help-backup = Copy the whole vault to another disk, and check the copy
help-repair = Make a damaged vault whole as far as it can be, and say what is not
help-prove = Say something as the author of a bundle, by its twelve words; needs no vault
help-export = Write sealed bundles to a stick or folder, and check them there
help-sync = Both ways with a stick: take in what came back, write what is still open
help-receipt = Receipts from organisations
help-receipt-add = Take receipts and other letters in
help-receipt-export = Write the receipts you hold, for auditors
help-receipt-check = Hold an organisation's whole log against the receipts you hold
help-reply = Say something to the author of a bundle that was opened here
help-replies = Show what officers said about what you sent
help-status = Show where every delivery stands
help-open = Open a bundle, as an officer
help-disclose = Write a redacted copy for a court or the public, which anyone can check
help-custody = Note that received items are held for a proceeding, or were handed over
help-custody-hold = Note that they must be kept; it hands nothing over and locks nothing
help-custody-transfer = Note that they were handed over; it hands nothing over itself
help-events = Show what you did with received items, or carry it to your organisation's log
help-shell = Unlock once and type several commands; it locks itself when nobody types
help-tour = Play the whole trip on made-up evidence
help-arg-vault = The vault's folder
help-arg-part = The part to open, when a vault has several
help-arg-passphrase-fd = Read the passphrase as a line from this descriptor
help-arg-lang = Language: en or fa
help-arg-json = Answer in JSON
help-arg-quiet = Say only what was asked for
help-arg-label = A name for your part; it stays inside the vault
help-arg-paths = Files and folders to keep
help-arg-title = Its title
help-arg-testimony-file = A text file; a hyphen reads what is piped in
help-arg-limit = At most so many
help-arg-after = Only what is older than this item
help-arg-item = The item's number
help-arg-items = The items' numbers
help-arg-search = Words that must all occur
help-arg-extract-to = The folder to write to
help-arg-disclose-items = Items that came in one bundle
help-arg-disclose-for = Who will read it: court, or public
help-arg-withhold = Do not show these: kind, title, date, place, person, run (the account), marked (passages its author marked), file, label (names of files), pseudonym, consent-words (words on the terms)
help-arg-release = Show these as well, which stay behind otherwise: person, marked, label, consent-words; and author, the author's statement
help-arg-withhold-unit = Do not show this one; the review shows the numbers, such as 3:0007
help-arg-release-unit = Show this one all the same
help-arg-disclose-stamp = A stamp on the receipt's checkpoint, a time from outside; the desk writes it beside the receipt. May be named several times
help-arg-with-notes = What you noted of the items with "custody" goes along: that you hold them, and to whom you handed them over
help-arg-without-metadata = In the place of every photograph (JPEG or PNG), a copy of the same pixels without what cameras and programs wrote into it, if there is any: places, times, devices, names. If anything else would leave, nothing is written
help-arg-derivative = In the place of this original, what you made of it by hand: cropped, blurred, made anew. You sign that you made it
help-arg-derivative-words = Say in one line what you did to it; everyone who reads the disclosure sees it
help-arg-disclose-receipt = The bundle's receipt, where your vault has none
help-arg-disclose-to = The new folder to write
help-arg-disclose-yes = You have reviewed what leaves; do not ask
help-arg-identity-to = Also write your secret key for age to this new file
help-arg-draft = The card draft
help-arg-sign-yes = You have compared what the draft says with the other officers
help-arg-card = The organisation's card file
help-arg-words = The eight words, or eight numbers, you were told
help-arg-yes = You have compared the key in another way
help-arg-as = Keep it under this name
help-arg-contact = The organisation's name, as in your contacts
help-arg-all = Everything of yours not yet sealed to it
help-arg-seal-forget = Forget the items in the same moment
help-arg-adds = An earlier bundle to this organisation that this adds to
help-arg-corrects = An earlier bundle to this organisation that this corrects
help-arg-withdraw-bundle = The bundle, by its id (sanduq status)
help-arg-withdraw-all = Every bundle you ever sealed to it, and every one you will
help-arg-message = A file with what you want to tell them (- reads standard input)
help-arg-withdraw-direct = Keep nothing of the withdrawal here
help-arg-seal-direct = Seal these files at once, without keeping them here
help-arg-testify-direct = Seal it at once, without keeping it here
help-arg-delivered = Every item of which all bundles have arrived
help-arg-outbox = The bundles that still wait for a receipt
help-arg-traces = What you removed or changed before, and nothing else
help-arg-unasked = Do not ask
help-arg-consent = The terms of consent, as a file
help-arg-key-file = The key file, if your passphrase needs one
help-arg-key-file-to = Where to write it, such as a stick
help-arg-new-passphrase-fd = Read the new passphrase from this descriptor
help-arg-gone-passphrase-fd = Read the passphrase that is to go from this descriptor
help-arg-others = All but the one you type
help-arg-proof = Show twelve words, once, that prove later that you sealed this
help-arg-proof-fd = Write the twelve words to this descriptor instead
help-arg-prove-bundle = The bundle's file, or a folder it was unpacked into
help-arg-challenge = What you were asked to answer: the exact text
help-arg-say = What you say to it
help-arg-prove-to = The file to write (default: a name made of the bundle's)
help-arg-phrase-fd = Read the twelve words as a line from this descriptor
help-arg-volume-size = Cut what is larger into parts of at most this size: 25M, 700M, 4G
help-arg-parity = How many parts of each bundle may be lost or damaged on the way
help-arg-export-dir = The folder or stick to write to
help-arg-export-to = Only what goes to this contact
help-arg-carrier = Disguise each file as random bytes, under the carrier key in this file, which the organisation gave you
help-arg-plain-name = Give the one file that is written this name, such as holiday.dat
help-arg-backup-dir = An empty folder, or one to be made, on another disk
help-arg-receipts = The letters; others' among them do no harm
help-arg-reply-bundle = The id of the bundle, as "open" and "show" give it
help-arg-reply-file = A file with what you say; - reads standard input; without it you type it
help-arg-reply-to = The folder to write the letter to; without it, this one
help-arg-reply-card = Send this newer card of yours instead of words
help-arg-replies-bundle = Only those about the bundle with this id
help-arg-events-dir = The stick that goes to the desk and comes back
help-arg-custody-items = The numbers of items that came in a bundle
help-arg-custody-to = The card of the organisation that has them now
help-arg-receipt-dir = The folder to write to
help-arg-receipt-log = The folder with the log, from the organisation or an auditor
help-arg-bundle = The bundle file
help-arg-with = What another officer passed on to you
help-arg-pass-on = Where to write what you pass on to the next officer
help-arg-courier-shares = The couriers' shares, in any order
help-arg-split = Split the key among couriers: 2/3 makes three shares, any two of which are needed besides the officers
help-arg-split-to = Where to write the couriers' shares: one folder, or a stick for each courier
help-arg-idle = Minutes without a key after which it locks itself, 1 to 60
help-arg-tour-dir = Where to play it (default: a new folder among temporary files)

## Passphrases

passphrase = Passphrase:
passphrase-new = New passphrase (just Enter: one is made for you):
passphrase-again = The same again:
passphrase-advice = Your passphrase opens everything you keep here. Nobody can look it up or reset it, so choose one you will remember.
passphrase-made = Here is one, drawn at random. It is shown only now:
passphrase-made-then = Write it on paper and keep it apart from this computer, or learn it by heart.
passphrase-differs = The two were not the same. Let us try again.
passphrase-weak = By our estimate a computer could guess this one. A few more words would make it much stronger.
passphrase-weak-keep = Use it all the same? (yes/no)
passphrase-fair = By our estimate this would take long to guess. One more word would make it strong.
passphrase-strong = By our estimate this is a strong one.
err-no-terminal = A passphrase is needed, and there is no terminal to ask for it.
hint-no-terminal = Run the command in a terminal, or let it read the passphrase from a descriptor:
err-descriptor = No passphrase could be read from descriptor { $number }.
err-descriptor-empty = There was no passphrase on descriptor { $number }.
hint-descriptor = It is read as one line of UTF-8. The shell opens the descriptor, for instance so:

## init

language-choice = For English, type 1 and press Enter.
language-ask = 1 / 2:
init-another = There is already a vault here, with { $parts ->
    [one] one part
   *[other] { $parts } parts
}. A further part is made for another person; neither can open the other's:
init-another-ask = Make a further part? (yes/no)
init-wait = One moment: the passphrase is being worked into a key. This is slow on purpose.
init-done = Your vault is ready. It lies here:
init-part = Your part of it is called:
init-originals = A disk can break. Once something is kept, make a copy of the vault on another one, and keep the originals until you have it:
init-next = Next, keep something in it:
err-no-home = It is not clear where your vault should lie: neither HOME nor XDG_DATA_HOME is set.
hint-no-home = Name a folder:

## add

add-doing = Keeping
add-done = Kept, encrypted: { $count ->
    [one] one file
   *[other] { $count } files
}.
add-numbers = Their numbers are { $first } to { $last }.
add-known = The same bytes were already here; they are stored once.
add-vanished = The file was deleted while it was read. What is kept here is whole, and may be the only copy.
add-originals = Your own copies are where they were.
skip-link = Left out, because it is a link to somewhere else:
skip-not-a-file = Left out, because it is not a file or folder:
skip-changed = Left out, because it changed while it was read:
skip-vanished = Left out, because it is not there:
skip-inside-vault = Left out, because it belongs to the vault itself:
skip-unreadable = Left out, because it could not be read ({ $system }):
err-add-skipped = Not everything was kept.
safe-add-skipped = What was kept is complete; nothing is there by half.
hint-add-skipped = See to what was left out, then add it again.

## testify, edit, remove

testify-draft = You began a testimony on { $day } and have not finished it:
testify-resume = Go on with it? (yes/no)
testify-drop = Drop it? (yes/no; Enter keeps it)
testify-dropped = It is dropped. "sanduq forget --traces" takes away what is left of it in the vault.
testify-title = A title, if you like (Enter: none):
testify-how =
    Write in your own words. Enter ends a paragraph, and it is kept at once, encrypted.
    A line with only a dot ends the testimony. Ctrl-C stops; you can go on later where you stopped.
    Put [[ and ]] around a name or place that may have to be withheld from others.
testify-done = Your testimony is kept, as item { $number }:
testify-kept = Your testimony is kept, as item { $number }.
testify-done-then = Until you seal it you can still change it:
err-testify-stopped = Stopped.
safe-draft = What you wrote is kept in your vault, encrypted, as a draft.
hint-draft = This goes on where you stopped:
err-editor = The terminal could not be read any further.
err-empty-testimony = There is not a word in it, so nothing was kept.
err-empty-draft = There is not a word in it.
hint-empty-testimony = Type what you know, or name a file that holds it.
err-not-text = This is not plain text in UTF-8, so it cannot be kept as a testimony:
hint-not-text = Keep it as a file instead:
edit-title = The title:
edit-how =
    Each paragraph is shown in turn: change it and press Enter. An emptied one is left out.
    After the last you can add more. A line with only a dot ends; what was not shown yet stays.
edit-rest = { $count ->
    [one] One more paragraph follows that was not shown. Take it out?
   *[other] { $count } more paragraphs follow that were not shown. Take them out?
} (yes/no)
edit-stop = Keep the changes made so far? (yes/no)
edit-traces = What it said before is no longer shown or sent. Traces of that stay inside your encrypted vault, readable only with your passphrase, until something is next forgotten. "sanduq forget --traces" takes them away now.
remove-ask = Remove item { $number } from your vault? (yes/no)
remove-done = Item { $number } is removed:
remove-traces = It is no longer shown or sent. Traces of it stay inside your encrypted vault, readable only with your passphrase, until something is next forgotten. "sanduq forget --traces" takes them away now.
persons-why = Whom does it name? Their names are marked in your text wherever they stand, so that the organisation can withhold each of them. Your words stay as they are.
persons-ask = Names, with commas between them (Enter for nobody):
consent-safe = Who may read this, and may your name be used? The safe answer: only the organisation you seal it to reads it, your name is never used, and nobody contacts you.
consent-keep = Keep it so? (Enter for yes, no to choose otherwise)
consent-share = Who may read it? 1 only the organisation, 2 also courts and official investigations, 3 everyone:
consent-name = May your name be used? 1 never, 2 a name you choose for it, 3 your own name:
consent-pseudonym = Which name?
consent-day = Not to be published before (a day such as 2030-05-01; Enter for none):
consent-day-unclear = A day is written as year, month and day of the Gregorian calendar, such as 2030-05-01.
consent-contact = May the organisation turn to you with questions? (yes/no)
consent-words = Anything you want to add, in your own words (Enter for nothing):
consent-unclear = Please type 1, 2 or 3.
consent-change = Change this? (yes/no)
consent-done = It is now under these terms:
consent-sealed = What was sealed before went out under the terms it had then. Seal it again, and it travels under these.
consent-is-organisation = Only the organisation it is sealed to may read it.
consent-is-court = The organisation may read it, and courts and official investigations.
consent-is-public = Everyone may read it.
consent-is-unnamed = The contributor's name is never used.
consent-is-pseudonym = It goes under a name chosen for it:
consent-is-pseudonym-alone = It goes under a name chosen for it, not the contributor's own.
consent-is-named = The contributor's own name may be used.
consent-is-not-before = It is not to be published before { $day }.
consent-is-contact = The organisation may turn to the contributor with questions.
consent-is-no-contact = Nobody is to contact the contributor.
err-consent-file = These terms of consent cannot be used:
hint-consent-file = A file of consent is JSON, as docs/spec/unit.md shows it.
safe-consent = What you gave is kept, under the safe terms: only the organisation may read it, and your name is never used.

## list, search, show, extract

kind-testimony = testimony
kind-document = document
state-open = not sealed
state-sealed = sealed
state-received = received
state-withdrawn = withdrawn
list-empty = Nothing is kept here yet.
list-more = There are older ones:
search-empty = Nothing here holds all these words.
search-more = Only the newest { $count } are shown. The older ones:
show-head = Item { $number }: { $kind }, kept on { $day }, { $state }
show-title = Title
show-date = When it happened
show-place = Where
show-persons = Persons named
show-account = Account
show-file = File, { $size }
show-sealed = Sealed to { $to }: { $state }
show-author = Written by the holder of this key
show-bundle = It came in this bundle
show-record = As this record
show-receipt = The bundle's receipt is held.
show-no-receipt = No receipt for this bundle is held yet.
extract-doing = Writing
extract-done = Written out: { $count ->
    [one] one file
   *[other] { $count } files
}.
extract-plain = These are readable by anyone who finds them. Delete them when you no longer need them.

## recipient, card

identity-written = Your secret key for age was written here:
identity-care = Whoever has this file can open what you can open. Keep it off shared machines.
card-signed = Contributors will be asked for these eight words. Read them out by telephone or in person, never in the same message as the card:
card-signed-digest = The card's SHA-256:
recipient-words = The other officers can compare your line by these eight words:
card-sign-ask = Sign this card? Compare every officer's eight words with that officer first. (yes/no)
err-card-without-us = You are not an officer on this draft, so it was not signed.
hint-card-without-us = Ask the desk why. If you all agreed on it:
err-card-differs = This draft has other officers, another threshold or another log than your card before it. It was not signed.
hint-card-differs = Compare every officer's eight words with that officer. If you all agreed on the change:
safe-not-signed = Nothing was signed.
review-says = This card says:
review-first = Card number { $serial }, the first one
review-serial = Card number { $serial }, after number { $before }
review-officers = { $officers ->
    [one] Its one officer can open what is sealed to it.
   *[other] { $threshold } of its { $officers } officers together can open what is sealed to it.
}
review-threshold-before = On the card before, { $before ->
    [one] one officer was enough.
   *[other] { $before } were needed.
}
review-officer = Officer { $place }:
review-officer-own = Officer { $place }, you:
review-same = Officer { $place }, as before:
review-same-own = Officer { $place }, you, as before:
review-new = Officer { $place }, NEW on this card:
review-new-own = Officer { $place }, you, NEW on this card:
review-gone = GONE, an officer of the card before:
review-gone-own = GONE, you:
review-log = Its log:
review-log-changed = Its log, OTHER than before or with other witnesses:

## contact

card-says = This card says:
card-officers = { $officers ->
    [one] Its one officer can open what you seal to it.
   *[other] { $threshold } of its { $officers } officers together can open what you seal to it.
}
card-serial = Card number { $serial }, with this SHA-256:
card-qr = The SHA-256 of this card, to compare with another screen or paper:
card-words-how =
    Is it really theirs? Ask them for the eight words of their key, by telephone or in person,
    and type what you hear. The eight numbers do as well.
card-words-ask = Eight words or eight numbers:
card-words-again = These are not the words of this card. Listen once more and type all eight.
card-words-count = You typed { $count } of them; it takes eight.
contact-added = Added. You can now seal to:
contact-replaced = This card took the place of the one before:
contact-unchanged = You have this very card already:
contact-next = To seal everything you keep to it:
contact-none = You have no contacts yet. An organisation gives you its card; then:
contact-head = Contact { $name }
contact-until = Valid until { $day }
contact-expired = No longer valid since { $day }
contact-by-words = Confirmed by its eight words on { $day }
contact-by-yes = Added on { $day } without its eight words
contact-log = Its log
contact-officer = Officer { $place }
err-words-needed = This card is not confirmed: its eight words are needed, and there is no terminal to ask for them.
hint-words-needed = Ask the organisation for them by telephone or in person, then:
err-card-draft = This is not the draft of a card.
hint-card-draft = The desk makes one so:
err-card = This is not a valid card.
hint-card = Ask the organisation for its card again, by another way if you can.
err-card-expired = This card is no longer valid. Its last day was:
hint-card-expired = Ask the organisation for its newer card and add it.
err-card-words = These are not the words of this card, so it was not added.
hint-card-words = Perhaps you misheard. If they differ again, someone may have put a card of their own in its place: do not use it.
contact-change-ask = Take this card in place of the one before? If in doubt, ask the organisation first, by telephone or in person. (yes/no)
err-card-newer-differs = This newer card has other officers, another threshold or another log. It was not added.
hint-card-newer-differs = Ask the organisation, by telephone or in person, whether that is right. Then:
err-card-other-key = You have a contact called { $name } already, with another key. This card was not added.
hint-card-other-key = Someone may be posing as them. Ask them in person. To hold both, give this one another name:
err-card-serial = This card (number { $found }) is older than the one you have (number { $held }). It was not added.
hint-card-serial = Nothing needs to be done, unless someone told you it is the newest: then ask them.
err-card-twice = Two different cards carry the number { $serial }, and both are signed by this organisation's key. That must not happen.
hint-card-twice = Seal nothing to it until you have spoken with them. Their two SHA-256 stand above: yours, and the new one.
err-no-contact = You have no contact of this name:
err-contact-in-use = Your vault still lists what you sealed to this contact, so it stays:
hint-no-contact = These are the names you have:
hint-contact-in-use = Forget what was delivered, and "sanduq forget --outbox" what still waits. Then remove the contact:
safe-sealed-partly = The last of these lines name bundles that were sealed before, with the first of the files: they wait in your vault. What followed was not sealed.
contact-remove-means = Afterwards nothing in your vault says that you had this contact. To seal to it again you need its card and its eight words once more. If it has another key by then, it takes you for somebody else: a withdrawal of what you sent before has no effect.
contact-remove-ask = Remove the contact { $name }? (yes/no)
contact-removed = The contact is removed.
err-contact-name = This cannot be the name of a contact.
hint-contact-name = Give it a short one:
safe-contacts = Your contacts are as they were.

## seal, export, receipt, status

seal-ask = Seal { $count ->
    [one] this item
   *[other] these { $count } items
} to { $to }? (yes/no)
seal-again = { $count ->
    [one] One of these was sealed to them before.
   *[other] { $count } of these were sealed to them before.
}
seal-means = What is sealed can no longer be changed or removed. You can forget it: afterwards nobody here can open it, you neither. Until its receipt comes, the bundle in your vault shows that it was sealed here.
seal-doing = Sealing
seal-done = Sealed to { $to }: { $count ->
    [one] one item
   *[other] { $count } items
}, in this bundle:
seal-left = { $count ->
    [one] One more item did not fit in this bundle; seal once more for it.
   *[other] { $count } more items did not fit in this bundle; seal once more for them.
}
seal-next = It waits in your vault. To put it on a stick:
seal-forgets = These items will be forgotten as soon as they are sealed. The sealed bundle stays in your vault until its receipt comes: nobody here can open it, you neither, but until then it shows that it was sealed here. The receipt is not kept: if you may want to show one, forget later, once it is here and "sanduq receipt export DIR" has written it out. What you keep is numbered anew.
withdraw-means = They learn that you withdraw your consent. Once an officer has opened this, that officer's program shows your bundle as withdrawn and writes nothing more of it out; they still have it, and what they gave to others before does not come back.
withdraw-all-means = They learn that you withdraw your consent for everything from you: what you sent, and what you may still send them from this vault. Once an officer has opened this, that officer's program shows it as withdrawn and writes nothing more of it out; they still have it, and what they gave to others before does not come back.
withdraw-ask = Withdraw it from { $to }? (yes/no)
withdraw-title = Withdrawal of consent
withdraw-said = I withdraw my consent. Do not use what I sent you, and do not give it to anyone.
follows-unknown = This vault does not know this bundle. Either it is forgotten here, or its id is mistyped:
follows-unknown-ask = Is every digit of it right? (yes/no)
follows-add = It adds to this earlier bundle:
follows-correct = It corrects this earlier bundle:
follows-withdraw = It withdraws consent for this earlier bundle:
follows-all = It adds to or corrects everything by the same author.
follows-withdraw-all = It withdraws consent for everything by the same author.
follows-forgotten = It adds to or corrects an earlier bundle that is forgotten here.
follows-withdraw-forgotten = It withdraws consent for an earlier bundle that is forgotten here.
follows-not-here = That one was not opened in this vault. Once it is, this holds for it, if both are by the same author.
follows-other-hand = That one is by another author, so this has no effect.
followed-add = A later bundle adds to it:
followed-correct = A later bundle corrects it:
followed-withdraw = A later bundle withdraws consent for it:
direct-means = This is sealed at once and never kept here: you cannot read it again, change it, or send it to anyone else. The sealed bundle stays in your vault until its receipt comes, and until then it shows that it was sealed here.
direct-ask = Seal it to { $to }, and keep nothing? (yes/no)
direct-done = Sealed to { $to }, and nothing of it kept:
direct-files = The files themselves still lie where they were. Nobody but you can delete them:
err-direct-skipped = Not everything was sealed.
err-direct-nothing = Nothing was sealed.
hint-direct-skipped = See to what was left out, then seal it by itself with --direct.
testify-how-direct = Type what you want to say, and Enter after each paragraph. End with a line that holds only a dot. Nothing is kept while you type: if you stop before the end, it is gone.
forget-unsealed = { $count ->
    [one] One of these was never sealed to anyone: this is its only copy.
   *[other] { $count } of these were never sealed to anyone: these are their only copies.
}
forget-not-carried = { $count ->
    [one] One of these was sealed and has not left this computer yet. Carry it out soon.
   *[other] { $count } of these were sealed and have not left this computer yet. Carry them out soon.
}
forget-waiting = { $count ->
    [one] One sealed bundle still waits for its receipt. It stays in your vault until the receipt comes: nobody here can open it, you neither, but until then it shows that it was sealed here.
   *[other] { $count } sealed bundles still wait for their receipts. They stay in your vault until the receipts come: nobody here can open them, you neither, but until then they show that they were sealed here.
}
forget-outbox = { $count ->
    [one] One sealed bundle still waits for its receipt. It is dropped now. If it never left this computer and you have forgotten what is in it, that is lost for ever.
   *[other] { $count } sealed bundles still wait for their receipts. They are dropped now. What never left this computer and you have forgotten is lost for ever.
}
forget-drafts = { $count ->
    [one] A testimony that you began and did not finish stays. "sanduq testify" offers to drop it.
   *[other] { $count } testimonies that you began and did not finish stay. "sanduq testify" offers to drop them, one at a time.
}
forget-means = Afterwards nothing on this computer opens these items: not your passphrase, not your 24 words. Files that you added lie where they were: this does not touch them. Copies and snapshots of your vault that were made earlier still hold them, and so may this computer's own disk for some time, if it is an SSD, as in most laptops. Their receipts go as well: if you may want to show one, write it out before, with "sanduq receipt export DIR". What you keep is numbered anew.
forget-ask = { $count ->
    [one] Forget this item for ever? (yes/no)
   *[other] Forget these { $count } items for ever? (yes/no)
}
forget-outbox-ask = Drop what waits? (yes/no)
forget-done = { $count ->
    [one] One item is forgotten.
   *[other] { $count } items are forgotten.
}
forget-dropped = { $count ->
    [one] One waiting bundle is dropped.
   *[other] { $count } waiting bundles are dropped.
}
forget-still = { $count ->
    [one] One sealed bundle still waits. Once you take in its receipt, that is forgotten as well:
   *[other] { $count } sealed bundles still wait. Once you take in their receipts, those are forgotten as well:
}
forget-numbers = What you keep has new numbers:
forget-traces-done = What you removed or changed before is gone from your vault. Everything you keep is still there.
anew-taken-back = Something that writes your vault anew was interrupted: forgetting, new keys or something like it. Nothing came of it, and everything is as it was before. If you still want it, do it again.
anew-finished = Something that writes your vault anew was interrupted: forgetting, new keys or something like it. It had taken effect by then, and is finished now. What you keep may have new numbers:
err-forget-unsure = Nothing was forgotten: there is nobody here to ask whether you are sure.
hint-forget-unsure = If you are, say so:
proof-made = These twelve words can prove one day that you sealed this bundle. They are shown only now and kept nowhere, not even in your vault:
proof-made-then = Write them on paper, with their numbers, and keep the paper where nobody looks. Whoever has them can speak as the author of this bundle.
proof-written = When they are on paper, press Enter:
proof-check = So that you know the paper is right, type two of the words from it. Just Enter leaves this out.
proof-word = Word { $number }:
proof-differs = That is not the word. Nothing is lost: all twelve are shown once more.
proof-again = Press Enter:
err-proof-unseen = There is no terminal to show the twelve words on, so nothing was sealed.
hint-proof-unseen = Run the command in a terminal, or have the words written to a descriptor:
err-proof-descriptor = The twelve words could not be written to descriptor { $number }.
err-proof-of-several = So many files need several bundles, and twelve words prove the authorship of one.
hint-proof-of-several = Cross out the twelve words that were just shown: they belong to nothing. Seal fewer files at a time.
safe-nothing-sealed = Nothing was sealed.
folder-not-there = There is no such folder:
folder-ask = If it should be on a stick, the stick is not plugged in. Make the folder on this computer? (yes/no)
backup-doing = Copying and checking
backup-done = { $count ->
    [one] The whole vault, { $count } part, was copied and read back:
   *[other] The whole vault, { $count } parts, was copied and read back:
}
backup-keeps = The copy opens with the passphrases of today, also after they are changed, and what you forget later stays in it. After forgetting or changing a passphrase, make a new backup and destroy this one.
backup-same-disk = It lies on the same disk as your vault: when that disk is lost or taken, both are.
backup-not-there = A vault cannot be opened where it lies now. To use it, copy the folder to a computer's own disk first.
err-backup-not-empty = The folder for a backup must be empty, and something is in this one:
err-backup-inside = The folder for a backup lies in the vault itself:
hint-backup-not-empty = Name a folder that is empty or not there yet, best on another disk. A backup is never written over an older one.
repair-doing-index = The index is damaged. It will be made anew from the journal. If the journal was cut short as well, what was changed last is missing afterwards: look whether what you added last is there.
repair-doing-journal = The index is whole, and the journal is damaged. The journal will be made anew from the index; nothing of it is lost.
repair-lost = The journal cannot be read to its end. What was changed last, it cannot be said how much, will be missing.
repair-earlier = Your vault was being written anew, by forgetting or something like it, and what was written cannot be read. Only the state before it can be had: what was forgotten then will be there again, and what was changed after it will be missing.
repair-packs-gone = The folder of packs is gone: larger files were in it, and cannot be had from here.
repair-means = Nothing is deleted. Damaged files are set aside beside the others, encrypted as they are; they go when something is next forgotten. Make a backup before you go on:
repair-ask = Repair? (yes/no)
repair-nothing = Index and journal are whole: nothing had to be repaired.
repair-done = It is repaired.
repair-set-aside = These files were set aside. They are encrypted, and go when something is next forgotten:
set-aside-goes = { $count ->
    [one] This also takes away a file that "sanduq repair" set aside. It may be all that there is of what was lost. To keep it, make a backup first:
   *[other] This also takes away { $count } files that "sanduq repair" set aside. They may be all that there is of what was lost. To keep them, make a backup first:
}
set-aside-ask = May what was set aside go? (yes/no)
err-set-aside-unsure = There is nobody here to ask whether what "sanduq repair" set aside may go.
hint-set-aside-unsure = If it may, let it go:
repair-item-whole = whole
repair-item-damaged = damaged
repair-items = { $count ->
    [one] { $count } item was read:
   *[other] { $count } items were read:
}
repair-bundles = { $count ->
    [one] Of { $count } bundle, something kept here is damaged:
   *[other] Of { $count } bundles, something kept here is damaged:
}
repair-others = { $count ->
    [one] { $count } more thing that is kept here is damaged.
   *[other] { $count } more things that are kept here are damaged.
}
err-repair-unsure = Nothing was repaired: there is nobody here to ask whether you want it.
hint-repair-unsure = If you do, say so:
err-not-whole = Not everything is there and whole.
safe-not-whole = What is said to be whole is whole. Nothing was deleted.
hint-not-whole = Look for it in a backup. Keep this folder as well: it can still hold what could not be read today.
hint-slots = What a passphrase opens is gone, and nobody can make it anew. A backup of the vault opens with the passphrase it had then.
hint-epoch = Both blocks that lead from your passphrase to the index are gone, and nobody can make them anew. Look for a backup; the two small files epoch.a and epoch.b of one that was made after you last forgot something may be enough. Copy the whole folder to another disk first.
export-doing = Writing and checking
export-none = Nothing is waiting to be carried.
export-done = { $count ->
    [one] One bundle is written, read back and verified:
   *[other] { $count } bundles are written, read back and verified:
}
export-parts = { $count ->
    [one] One part is written, read back and verified. It lies here:
   *[other] { $count } parts are written, read back and verified. They lie here:
}
export-parts-of = { $count } of the { $parts } parts of this bundle:
export-parts-left = { $count ->
    [one] One more part did not fit. Empty this stick once its parts have arrived, or take another one, and run the same command again.
   *[other] { $count } more parts did not fit. Empty this stick once its parts have arrived, or take another one, and run the same command again.
}
hint-volumes = Use a larger stick, or carry it in parts, in any order and in as many trips as it takes:
err-not-a-size = This is not a size for parts:
hint-not-a-size = Write a number with M or G, from 2M to 4G: 25M for mail, 700M for a CD, 4G for a stick that is formatted as FAT.
status-parts = { $carried } of { $parts } parts were carried at least once, and { $there } have arrived as far as is known. Any { $needed } of them are enough.
err-not-a-carrier-key = This is not a carrier key:
hint-not-a-carrier-key = A carrier key is a file that the organisation handed to you: one line of 64 digits and letters. Ask them for it again if it was changed.
err-carrier-key-there = The carrier key lies in the folder that is to be written to. Whoever finds both takes the disguise off:
hint-carrier-key-there = Move the key elsewhere, away from what travels, and name it there.
err-for-several = Bundles for several organisations wait. On one stick each of them would see that there are others, and take in what is not for it.
hint-for-several = Say for whom, and take another stick for each:
err-one-name = One name was chosen, and { $files } files would be written here:
hint-one-name = Leave the name away: then each file gets one of its own, which tells nothing.
err-not-a-plain-name = This is not a plain name for a file:
hint-not-a-plain-name = Choose a name such as holiday.dat: no folders, none of / \ : * ? " < > |, nothing that cannot be seen, no dot at its beginning or end.
export-carrier = They look like random bytes to whoever lacks the carrier key, and tell by themselves neither what they are nor of whom. That files of random bytes lie there does show.
export-next = Nobody but the organisation can open this. You can unplug the stick once your system says so.
sync-removed = { $count ->
    [one] One file that is settled was taken off it.
   *[other] { $count } files that are settled were taken off it.
}
sync-earlier = { $count ->
    [one] One file of a bundle that arrived before lies on it, and is left there: were it gone, whoever sees the stick twice would know that the bundle was yours. If nobody else had it in hand, you can delete the file yourself.
   *[other] { $count } files of bundles that arrived before lie on it, and are left there: were they gone, whoever sees the stick twice would know which bundles were yours. If nobody else had it in hand, you can delete them yourself.
}
sync-left = { $count ->
    [one] One more bundle did not fit. It goes with the next trip.
   *[other] { $count } more bundles did not fit. They go with the next trips.
}
sync-letters-stay = Letters stay on the stick. Leave them there, for everybody's has the same ones: one that is missing would show whose it was.
sync-settled = Nothing waits for { $to }: whatever was sealed to it has arrived.
sync-next = Take it to the organisation. When it comes back, the same command takes in the receipts. You can unplug it once your system says so.
receipt-received = { $count ->
    [one] One bundle has arrived; its receipt is kept:
   *[other] { $count } bundles have arrived; their receipts are kept:
}
receipt-forgotten = { $count ->
    [one] One bundle whose items you forgot has arrived. As you asked, nothing about it is kept here, its receipt neither:
   *[other] { $count } bundles whose items you forgot have arrived. As you asked, nothing about them is kept here, their receipts neither:
}
receipt-traces = For now, traces of it stay inside your encrypted vault: what "sanduq repair" set aside would have gone with them. To take both away:
receipt-forget = You can now forget what arrived, so that nobody can make you open it:
receipt-already = { $count ->
    [one] This receipt was here already:
   *[other] These { $count } receipts were here already:
}
receipt-nothing = There was nothing here to take in.
receipt-skipped = { $count ->
    [one] One file is not for you and was passed over.
   *[other] { $count } files are not for you and were passed over.
}
letter-elsewhere = { $name } took in a bundle that is for somebody else. It cannot open it, but it knows now that there is one. Have a stick for each organisation; the bundle still goes to whom it is for:
err-receipt-refused = These are meant for you, but do not hold: what they claim is not proved.
safe-receipts = Nothing of them was taken. A bundle whose receipt is among them still counts as not received.
hint-receipt-refused = Ask the organisation, and keep the files to show them.
letters-known = { $count ->
    [one] One letter for you brought nothing new.
   *[other] { $count } letters for you brought nothing new.
}
card-newer = { $name } has a newer card, number { $serial }, valid until { $until }. It is by the same key and was taken: what you seal from now on goes by it.
card-other-key = A card of { $name } came that was made with another key. The key you hold vouches for it, but it was not taken: have the eight words of the new key read out to you first, by telephone or in person. Then:
card-differs = A newer card of { $name } came, with other officers, another number of them needed, or another log. It was not taken: ask the organisation first whether that is right. Then:
err-fork = The log of an organisation signed two different histories of { $size ->
    [one] one entry
   *[other] { $size } entries
}. An honest log never does.
safe-fork = The receipt that showed it was not taken, and its bundle counts as not received. What you sealed is still sealed.
hint-fork = Both signed heads are kept; together they prove it to anyone. Send nothing more to this organisation before you have asked people you trust. To write them out:
receipt-exported = { $count ->
    [0] There are no receipts here yet.
    [one] One receipt written:
   *[other] { $count } receipts written:
}
receipt-exported-heads = The signed heads of a log that told two histories:
receipt-check-means = The log grew out of everything that it showed you: nothing of it was changed, dropped or put in between. Nothing was written to that folder.
err-no-receipt-of-log = You hold no receipt of this log, so there is nothing to hold it against:
hint-no-receipt-of-log = Ask for the log of an organisation whose receipts you hold. "sanduq status" lists what was acknowledged.
delivery-sealed = sealed, not yet carried
delivery-carried = carried, no receipt yet
delivery-received = arrived, receipt held
status-items = { $items ->
    [0] Nothing is kept here yet.
    [one] One item is kept here; { $unsealed ->
            [0] it is sealed.
           *[other] it is not sealed to anyone yet.
        }
   *[other] { $items } items are kept here; { $unsealed ->
            [0] all of them are sealed.
            [one] one is not sealed to anyone yet.
           *[other] { $unsealed } are not sealed to anyone yet.
        }
}
status-received = { $count ->
    [one] One item came from others.
   *[other] { $count } items came from others.
}
status-drafts = { $drafts ->
    [one] One testimony is begun and not finished:
   *[other] { $drafts } testimonies are begun and not finished:
}
status-none = Nothing was sealed yet.
status-replies = { $count ->
    [one] One reply is kept:
   *[other] { $count } replies are kept:
}
status-fork = This log signed two different histories of { $size ->
    [one] one entry
   *[other] { $size } entries
}. Both signed heads are kept:
status-forgotten = A bundle to { $to }, sealed on { $day }, forgotten here: { $state }
status-delivery = { $count ->
    [one] One item
   *[other] { $count } items
} to { $to }, sealed on { $day }: { $state }

## reply, replies

reply-came = { $count ->
    [one] One reply came. It is signed by an officer of the organisation that you sealed to:
   *[other] { $count } replies came. Each is signed by an officer of the organisation that you sealed to:
}
reply-head = Reply { $number } of officer { $officer } of { $name }, received on { $day }, about the bundle
reply-written = Your reply { $number } as an officer of { $name }, written on { $day }, about the bundle
reply-words = It says:
reply-not-kept = It is not kept here, because what it is about is forgotten. Copy what you need of it.
reply-again = To read again what came:
replies-none = No reply is kept here.
replies-answer = To answer, keep what you want to say and seal it to the same organisation:
reply-how = Type what you want to say to the author, and Enter after each paragraph. End with a line that holds only a dot. It is signed with your keys as an officer.
reply-done = Signed, and sealed so that only the author of the bundle can open it. The letter lies here:
reply-already = You had said these very words before. It is the same reply, sealed anew; the letter lies here:
reply-card-done = Sealed, so that only the author of the bundle can open it. The letter with the card lies here:
reply-next = Give it to the desk, which lays it on every stick and cannot read it:
err-not-opened = No bundle with this id was opened in this vault:
hint-not-opened = The whole id stands in "sanduq show". Only where a bundle was opened can its author be answered:
err-reply-words = A reply has at least one word and at most { $limit }, and holds no signature.
safe-not-replied = Nothing was signed or written.
err-anothers-card = This card is not by the key of { $name }, to which the bundle was sealed, nor does it succeed that key.
hint-anothers-card = Send the author a card of the same organisation.

## prove

phrase = The twelve words of this bundle:
err-phrase-count = You gave { $found ->
    [one] one word
   *[other] { $found } words
}; it takes twelve.
err-phrase-word = Word { $place } is not one of the words that are used.
hint-phrase = They are English words, with a space between them. Look at the paper once more, and at the keyboard's language.
err-phrase-descriptor = No words could be read from descriptor { $number }.
err-phrase-other = These are not the words that were shown for this bundle:
hint-phrase-other = Compare each word with the paper. Perhaps they belong to another bundle; a bundle that was sealed without them can never be proved this way.
safe-nothing-proved = Nothing was signed or written.
err-challenge = A challenge is one line of at most { $max }, and without characters that do not show.
err-said = What is said has at most { $max }, and no characters that do not show.
hint-proof-text = Take out tabs, direction marks and the like, which can make a text look other than it is.
prove-done = The proof and its signature are written:
prove-challenge = What is to be answered, word for word:
prove-say = What do you say, as the author of this bundle?
err-prove-texts = The challenge and what you say are missing, and there is no terminal to ask for them.
prove-next = Give both to the one who asked. It answers this one challenge, and is checked with:

## open

open-doing = Checking and opening
open-done = Opened and checked: { $count ->
    [one] one item is now in your vault:
   *[other] { $count } items are now in your vault:
}
open-already = This bundle was opened before; its items are in your vault:
open-addressed = It was sealed to the card of { $name }.
open-author = Its author holds this key:
open-author-means = The same eight words in other bundles mean the same author. Who that is, the words do not say.
open-bundle = The bundle:
open-withdrawn = Withdrawn by their author, so nothing of them is written out:
open-passed-on = Your layer is off. What is left is in this file:
open-next-officer = Give it, with the bundle, to one of these:
open-next-then = That officer goes on with:
err-pass-on-needed = Your layer is off, but more officers are needed, and no file was named to pass on to them.
hint-pass-on-needed = Nothing is lost. Run it again with a file name:
err-others-unknown = Another officer has to begin. Which one, this vault cannot tell: it does not hold the card.
hint-others-unknown = Add the organisation's card, and open once more:
err-others-first = Another officer has to begin:
hint-others-first = Give the bundle to one of these; each hands you a file that you open it with.

## disclose

disclose-court = This leaves, for a court:
disclose-public = This leaves, for everyone:
disclose-item = Item { $number }: { $shown } of { $units } units leave.
disclose-terms = The terms, which always leave:
disclose-stays = These stay behind:
disclose-repeats = ! Something that stays behind can be read here:
disclose-files = { $count ->
    [one] One original file leaves
   *[other] { $count } original files leave
} ({ $size }), byte for byte, with everything that cameras and programs wrote into it: places, times, names. Look at it before.
disclose-derivatives = These leave in the place of originals, which stay behind:
derivative-metadata-removed = copy without metadata, { $size }
derivative-by-hand = made by hand, { $size }
disclose-derivatives-mean = You sign what each was made from. The size, the type and the digest of the original still show, so whoever has the original knows it again. What can be seen in a picture stays, and it may lie on its side: which way is up was in what was taken out.
disclose-derivatives-look = ! What is neither a JPEG nor a PNG leaves as you gave it, with everything that your program wrote into it. Look at it before.
disclose-author = The author's statement leaves: whoever reads this sees the author's key, and knows other bundles of the same author by it.
disclose-no-author = Who stands behind it stays behind.
disclose-receipt = The receipt leaves: it shows that the log holds the bundle.
disclose-no-receipt = There is no receipt, so nobody can see that the log holds the bundle. The desk or the contributor has one: --receipt FILE.
disclose-stamps = { $count ->
    [one] A stamp leaves
   *[other] { $count } stamps leave
} with it: a time from outside, before which the log held the bundle.
disclose-notes = What you noted of these leaves, signed by you:
disclose-held = that you hold item { $number } for a proceeding
disclose-transferred = that you handed item { $number } over to the organisation whose card has this SHA-256:
disclose-notes-kept = { $count ->
    [one] What you noted of these stays behind. --with-notes takes it along
   *[other] { $count } notes of yours on these stay behind. --with-notes takes them along
}: that you hold it, or to whose organisation you handed it over. Once it is in the log, whoever has the log and this folder can try whether you noted it.
disclose-shows = Whoever reads this also learns the bundle's id, that the bundle has { $records ->
    [one] one record
   *[other] { $records } records
}, how many units a record has that is shown, and which officer opened it here and disclosed it. Whoever saw the bundle on its way, on a stick or in a mail, knows it again by its id, and then knows who carried what is said here. Every other disclosure of this bundle will be known to belong with it.
disclose-ask = Write it? Type yes or no, or the number of a unit (such as 3:0007) to keep it back or to show it:
disclose-unclear = That is neither yes nor no, nor the number of a unit above. Unit 0001 always leaves.
disclose-doing = Writing
disclose-done = Written. Hand over this folder as it is:
disclose-log = Your vault remembers it, and you have signed that you disclosed this. The log of your organisation is not known to have all of that yet, and whoever checks the folder is told so. Better: do not hand it over yet. Carry what you did to the desk with "sanduq events STICK", and when the proofs came back disclose once more, into a new folder, and hand over that one.
disclose-logged = Your vault remembers it, and the proofs that your organisation's log has it go along.
events-none = Nothing was opened, disclosed or noted in this vault.
events-opened = You opened the bundle:
events-disclosed = You disclosed the record:
events-withdrawn = Its author withdrew the record:
events-held = You hold the record:
events-transferred = You handed over the record:
custody-held = Noted. These records must be kept:
custody-transferred = Noted. These records were handed over:
events-logged = the log of your organisation has it
events-waiting = the log is not known to have it
events-next = Carry it to the desk on a stick:
events-proved = { $count ->
    [one] The log of your organisation has one more of your events, and the proof is kept. A disclosure takes it along from now on.
   *[other] The log of your organisation has { $count } more of your events, and the proofs are kept. A disclosure takes them along from now on.
}
events-laid = { $count ->
    [one] One event is signed and lies there for the desk:
   *[other] { $count } events are signed and lie there for the desk:
}
events-desk = Take it to the desk. Whoever finds it reads the keys of your organisation's log and of you, and how many events there are, but not what they are. When the desk has answered on it, type the same command here once more.
events-settled = There is nothing to carry: the log has all that you did here.
err-event-proofs = What is there to prove your events proves nothing, or is damaged:
safe-event-proofs = Proofs that hold were kept, and what is still open lies there for the desk.
hint-event-proofs = Let the desk answer on it once more. If it comes back the same, show your organisation this message: the file may be damaged or somebody else's, the card may have other witnesses than when that bundle was sealed, or the log may not have what it should.
disclose-check = This checks it, as anyone can who has the folder; VERIFY.txt in it says how without our program:
err-disclose-unsure = There is nobody here to ask whether this may leave.
hint-disclose-unsure = If you have reviewed what leaves, say so:
err-disclose-both = This cannot be shown and withheld at once:
err-not-received = Item { $number } is your own. Only what came in a bundle can be disclosed so that anyone can check it.
hint-not-received = Seal it first; whoever opens it can disclose it.
err-several-bundles = Items { $first } and { $other } came in two bundles, and a disclosure is of one.
hint-several-bundles = Disclose them one after the other, each into a folder of its own.
err-terms-organisation = Item { $number } is not disclosed: its author allows your organisation alone to read it.
err-terms-court = Item { $number } is not disclosed to the public: its author allows courts and official investigations only.
err-terms-not-before = Item { $number } is not disclosed to the public yet: its author does not allow it before { $day }.
err-terms-author = The author's statement is not disclosed: it speaks for every record of the bundle, and not every one allows its author to be named.
hint-terms = Terms are kept, whoever asks. Only its author can allow more, in a new bundle: ask with "sanduq reply".
err-no-unit = Item { $number } is not among those named, or has no unit { $unit }.
hint-no-unit = The review shows the numbers of all units that leave.
err-terms-stay = The terms of item { $number } go along with everything; they cannot be withheld.
err-keys-not-on-card = Your keys do not stand on the card that this bundle was sealed to, so nobody could check that an officer disclosed it:
hint-keys-not-on-card = An officer whose keys stand on that card can disclose it, after opening the bundle as you did.
err-disclose-receipt = This receipt is not one for this bundle, or it does not hold:
hint-disclose-receipt = Ask the desk or the contributor for it once more, or leave --receipt out.
err-disclose-stamp = This is neither a time-stamping authority's answer nor a proof of OpenTimestamps:
err-disclose-other-stamp = This stamp is over something else than the checkpoint of the receipt:
err-disclose-stamp-alone = A stamp is over the checkpoint of a receipt, and there is no receipt.
hint-disclose-stamp = Name the receipt and the stamps that the desk wrote beside one another, with "sanduq-intake log prove ID --stamped DIR".
err-disclose-stamps = A disclosure has at most { $limit } stamps.
err-strip-unknown = This is neither a JPEG nor a PNG, and no metadata can be taken out of anything else here:
err-strip-too-large = This picture is longer than 64 MiB, and its metadata cannot be taken out here:
err-strip-damaged = This picture is damaged, so nobody can be sure that all of its metadata would be taken out:
err-strip-unusual = This picture is of an unusual kind (animated, for example), so nobody can be sure that all of its metadata would be taken out:
hint-strip = Keep it back with --withhold-unit and this number. Or make a copy of it with a program of yours, look at what is left in that copy, and give it: --derivative, this number, = and the file.
err-derivative-not-a-file = This unit is no file, so nothing can lie in its place:
err-derivative-twice = Something was given already for the same original:
err-derivative-same = What you gave for this unit is the original itself:
hint-derivative-same = Give the copy that you made. To show the original, leave --derivative out.
err-derivative-given-twice = This unit was named twice:
err-derivative-words = What you say of it must be one line of at most 200 bytes:
err-derivative-none = There are words on this unit, and nothing that was made of it:
safe-not-disclosed = Nothing was disclosed.
sort-consent = terms
sort-kind = kind
sort-title = title
sort-date = when
sort-place = where
sort-person = person
sort-run = account
sort-marked = marked passage
sort-file = file
sort-label = name of a file
sort-pseudonym = chosen name
sort-consent-words = words on the terms

## VERIFY.txt

instructions-begin =
    This folder is a redacted copy of what somebody sealed to an organisation. Nothing in it was made anew but what stands in the place of an original, which says so: everything else that is shown is what was signed then, and what was withheld is simply not here. You can check that with tools that most Linux computers have: sha256sum, sed, grep, awk, find, base64, ssh-keygen (OpenSSH 8.2 or newer), openssl 3 and xxd. You need no key, no network and nobody's permission.

    The lines that begin with four spaces are the commands. Read them; then open a terminal in this folder and type the two lines below. The first gathers the commands into a file beside this folder, the second runs them. They stop at the first thing that does not hold. Only if "all of it holds" appears at the end, all of it held. If the shell says that a command was not found, that says nothing of this folder: install it and begin again.
instructions-own = These instructions came with the folder. If you do not trust where that came from, take the same commands from Sanduq's own pages (docs/spec/disclosure.md), or use the program sanduq-verify.
instructions-whole = The folder. It holds plain files and nothing else, and every file is in one of two lists with its digest.
instructions-bundle = The bundle. Here are all its outer parts but the encrypted one. The list of them was signed, once, when it was sealed; its digest is the bundle's id. Fourteen keys are weak and sign anything; none may be among them.
instructions-records = What is said. The bundle commits to the list of its records, that list to the list of each record, and that to every unit. So nothing can be added or changed, and what is missing is only counted. Each unit is a file of text: read them in data/records. The terms of whoever said it are printed; it may be disclosed only as they say, and for the public not before the day they name.
instructions-files = The files. Each is named by a unit that is shown, with its size and its digest; where a copy lies in the place of one, it is checked that it says so.
instructions-card = The card of the organisation. It is signed by its own key. Whose it is this does not show: sanduq-verify shows its eight words; have the organisation read them out to you.
instructions-author = The author. The bundle has committed to this statement since it was sealed; it names this bundle, these records and this card.
instructions-log = The log. The card names its key. A proof holds where that key signed a checkpoint and an entry leads to it, hash by hash; nothing is checked in this step yet but the key.
instructions-receipt = The receipt. It proves that the log has the bundle.
instructions-time = The times from outside. Each stamp is over the text of this checkpoint, so the log held the bundle before that time. An authority's stamp claims its time: get the root certificate of that authority from itself, and type the second line above as ROOT=/where/it/lies.pem sh ../check.sh; openssl then checks who signed. A stamp of OpenTimestamps leads to a block of Bitcoin: its program, ots (opentimestamps-client), shows which block, and the Merkle root which that block must have. Until that is done, no time is proved.
instructions-events = What was done with it. Each line is signed by an officer of the card. Behind it stands the entry by which it can be looked up in the organisation's log. Only where it says ", which the log has" did a proof lie beside it, which was checked.
instructions-derivatives = What lies in the place of originals. An officer of the card signed of each what it was made from: a unit that is shown names that original, with its digest.
instructions-end = The end.
instructions-not = What this does not show: that what is said is true; that nothing more was taken out by those through whose hands this folder went; that an event stands in the organisation's log where no proof lies beside it, for it may have been signed before the log knew of it. Ask the organisation for its newest log; "sanduq-verify disclosure FOLDER --log LOG" looks for these entries and for a withdrawal. By hand only the entries printed above can be looked up there.
instructions-word = That something in the place of an original shows what the original shows is the word of the officer who signed it; whoever has the original can compare the two.
instructions-no-author = The author is not named here, so it does not show either who stands behind it, nor that it was sealed to the organisation of this card.
instructions-no-receipt = There is no receipt here, so it does not show either that the organisation's log holds the bundle.
instructions-second = What these commands leave out: each signature has a second, post-quantum one beside it, and the policy of the card may ask for cosignatures of witnesses. custody.jsonld repeats what the folder says in a form that other programs read; nothing here holds it against the rest. sanduq-verify checks all three; OpenSSH 10.6 knows the second signatures.

## Couriers

split-means = Besides the organisation's officers, { $needed } of { $count } couriers' shares will be needed to open this. Without them nobody can: not the organisation, and not you. Shares cannot be made again.
split-keep = Keep the originals of what you seal until the organisation tells you that it has opened the bundle. A receipt says only that the bundle arrived, not that the shares did.
split-kept-nowhere = Nothing of it stays here: if too many shares are lost or taken, it is lost for ever, unless you have your originals elsewhere.
split-done = { $count } shares were written and read back; any { $needed } of them are needed:
split-give = Give each to another person. No two of them should travel together, and none with the bundle. The names of shares that belong together begin with the same four characters; the number behind these tells them apart. One share alone opens nothing, and names neither you nor the organisation.
split-together = Now they still lie in one folder. Move each to a stick of its own, and leave none here. What is deleted from a stick or a disk can sometimes be read again: safer is to name one folder for each courier, so that the shares are written straight to separate sticks.
split-receipt = The receipt will say that the bundle arrived. It says nothing of the shares: keep your originals until you hear that the bundle was opened.
safe-shares-left = The last lines name shares that were written before. If the list of your bundles shows no new one, these open nothing: delete them.
err-split = A key can be split among 2 to 16 couriers, and at least 2 of them must be needed.
hint-split = For instance three shares, any two of which are needed: --split 2/3
err-shares-to = Name one folder for all shares, or one for each of the { $count } couriers.
hint-shares-to = For instance three sticks: --split 2/3 --shares-to STICK-1 STICK-2 STICK-3
err-split-kept = A testimony that is kept here is split when it is sealed, not before. To seal it at once:
err-shares-needed = Nothing is wrong with this bundle, and your layer is off. Its sender split the key among { $count } couriers: { $needed } of their shares are needed to open it.
shares-fitting = Shares that fit so far: { $count }.
hint-couriers = Each courier has one file that ends in .share. Name enough of them, in any order:
open-shares-later = The couriers' shares are not needed yet: the last officer names them.
share-none = This file is no courier's share, or it is damaged. It was left out:
share-changed = This share was changed after it was made. It was left out:
share-list-changed = This share belongs to the bundle, but the list in it was changed. It was left out; ask its courier who had it:
share-other-bundle = This share belongs to another bundle. It was left out:
share-again = This share was named twice; it counts once:

## The vault

err-not-empty = There are other files in this folder, so no vault was made in it:
hint-not-empty = A vault wants a folder of its own. Name a new or an empty folder:
err-remains = Here lies what is left of a vault whose key slots are gone. No new one was made beside it:
hint-remains = Copy the whole folder to another disk before anything else: with an older copy of the slots it may still open. For a new vault, name another folder.
err-no-part = This vault has no such part:
hint-no-part = Leave the part out: the passphrase alone finds it.
err-unopened = This passphrase opens nothing here.
hint-unopened = Try again slowly. Check the keyboard's language and the Caps Lock key. If it needs a key file, name it with --key-file FILE.
err-passphrase-in-use = This passphrase already opens a part of this vault.
hint-passphrase-in-use = Choose another one: each person has one of their own.
err-too-many-passphrases = { $most } passphrases open your part, and no more may.
hint-too-many-passphrases = Take one away first:
err-last-passphrase = This is the only passphrase that opens your part.
hint-last-passphrase = To have another one in its place:
passphrase-changed = Your passphrase is changed. The old one opens nothing any more.
passphrase-added = The passphrase is added.
passphrase-remove-type = Now the passphrase that is to go.
passphrase-removed = It opens nothing any more.
passphrase-others-removed = Of the passphrases only the one that you typed opens your part now.
passphrase-others-ask = { $count ->
    [one] Take the other passphrase away? (yes/no)
   *[other] Take the { $count } other passphrases away? (yes/no)
}
passphrase-count = { $count ->
    [one] One passphrase opens your part.
   *[other] { $count } passphrases open your part.
}
key-file-count = { $count ->
    [one] One of them needs its key file.
   *[other] { $count } of them need their key files.
}
passphrase-copies = A copy of the vault that was made before still opens as it did then.
passphrase-old-slots = Whoever puts the file "slots" of such a copy back into this vault opens it with the old passphrase. Where that may happen, get new keys:
key-file-means = From then on your passphrase opens only together with this file, which is made now:
key-file-named = You name it each time:
key-file-keep = Keep the file on a stick, away from this computer, and a second copy in another place: without it this passphrase opens nothing. Your 24 words still do, and so does any other passphrase of your part.
key-file-ask = Make it? (yes/no)
key-file-done = Done. Your passphrase now needs this file:
key-file-dropped = Your passphrase opens alone again. The key file is of no more use.
err-not-a-key-file = This is not a key file:
rekey-means = Your part gets new keys and 24 new words, and everything in it is written anew under them. Only the passphrases you type now will open it, and the new words. Whoever copied the vault before can still open that copy.
rekey-others = { $count ->
    [one] One more passphrase opens your part. Type it to keep it, or only Enter to drop it.
   *[other] { $count } more passphrases open your part. Type one to keep it, or only Enter to drop those you do not type.
}
rekey-opens-not = That one does not open your part, or only with a key file other than the one you named. Once more:
rekey-kept-already = That one is kept already. Another one, or only Enter:
rekey-done = Your part has new keys.
rekey-words = Your 24 words are other ones now: those on paper, and shares of them, open nothing that is here from now on. Whom you sign as stays, so whoever opened the vault before can still sign as you; an officer needs a new part and a new card.
answers-later = later l skip
words-mean = These 24 words open your part of the vault, without the passphrase, on any computer that has a copy of the vault. Write them on paper, in this order. Keep the paper away from this computer, and do not photograph it: whoever has the words and a copy of the vault opens everything, and can sign as you.
words-written = Press Enter when they are on paper. To do it another time, type "later":
words-ask = Word { $place }:
words-wrong = Word { $place } is another one.
words-again = Press Enter to see them again:
words-done = The words are on paper. Keep them where nobody looks for them.
words-later = Without the words, a lost passphrase is a lost vault. To write them down:
words-new = Your part got new keys, and with them 24 new words that you have not written down yet. Those on paper, and shares of them, open nothing here any more; without the new ones, a lost passphrase is a lost vault. To write them down:
words-type = Type your 24 words, as many on a line as you like.
words-next = From word { $place } on:
words-unknown = Word { $place } is not in the list of words.
words-nearest = The nearest one in the list:
words-count = There must be 24 words. Found: { $found }
words-checksum = All the words are in the list, but they do not belong together: one of them is wrong, or their order.
err-words-alone = The words must be typed at a terminal.
hint-words-alone = A script hands them over on a descriptor:
err-words-terminal = The words are shown at a terminal only.
err-words-unopened = The words are right, and they open no part of this vault.
hint-words-unopened = Is it another vault, or somebody else's paper? After "sanduq panic" no words open it.
recover-found = The words open a part of this vault. It gets a new passphrase now.
recover-done = Recovered. Your new passphrase opens:
recover-old = Passphrases that your part had before open nothing of it any more. Your 24 words stay as they are.
contributor-remove-means = { $items ->
    [0] Your part of this vault goes. No item is in it; drafts, contacts and bundles that wait go as well.
    [one] Your part of this vault goes, and one item with it.
   *[other] Your part of this vault goes, and { $items } items with it.
} Parts of other people stay. Copies of the vault that were made before still open, and an SSD may keep old blocks for some time.
contributor-remove-ask = Remove it for ever? (yes/no)
contributor-removed = Your part is gone:
err-contributor-unsure = Nothing was removed: there is nobody here to ask whether you are sure.
panic-means = { $parts ->
    [one] This destroys the keys of this vault.
   *[other] This destroys the keys of this vault, with all its { $parts } parts.
} Nothing in it opens afterwards: not by any passphrase, not by the 24 words, not by you, not by anybody. There is no way back. What was handed over already is not touched; copies of the vault still open; the encrypted files stay on the disk; an SSD may keep the old keys for some time.
panic-ask = Destroy the keys? (yes/no)
panic-done = The keys are destroyed. Nothing opens this vault any more.
panic-stays = The encrypted files are still there. Copies of the vault are not touched: they still open. A flash chip, as in sticks, cards and most newer disks, may keep the old keys for some time, and who reads them there and has a passphrase or the 24 words opens everything: where that may happen, destroy the chip itself.
err-panic-unsure = Nothing was destroyed: there is nobody here to ask whether you are sure.
hint-panic-failed = Not every key could be destroyed. Try once more, or destroy the disk.
safe-panic-some = Some of the keys may be destroyed already.
err-passphrase-empty = The passphrase is empty.
hint-passphrase-empty = Type it, then Enter.
err-no-item = There is no item { $number }.
hint-no-item = This lists what is there:
err-sealed = Item { $number } is sealed: what was handed over stays as it is.
hint-sealed = To correct it, keep a new testimony that says so, and seal that as well.
err-not-own = Item { $number } came from someone else and stays as it is.
err-withdrawn = Item { $number } is not written out: its author withdrew consent, with this bundle.
hint-withdrawn = It stays in the vault as evidence: show and search still find it. Ask its author before anything else is done with it.
err-follows-another = This bundle was sealed to { $to }, and nobody else can know it.
hint-follows-another = Seal what follows up on it to the same organisation.
err-not-testimony = Item { $number } is a document; only testimonies can be edited.
err-nothing-to-seal = There is nothing of yours that is not yet sealed to { $to }.
hint-nothing-to-seal = Its bundles go with every export until their receipts come.
err-nothing-to-forget = There is nothing to forget.
hint-nothing-to-forget = With --delivered, items are forgotten once the receipts of all their bundles have come. To forget others, name them by their numbers.
err-no-draft = There is no such draft:
err-text = This text is too long: { $found }; at most { $limit } can be kept in one place.
hint-text = Keep a longer text as a file, or as several testimonies.
err-too-long = This testimony is too long, or has too many marks, for one bundle to hold it.
hint-too-long = Keep it as several testimonies.
err-item-too-long = Item { $number } is too long, or has too many marks, for one bundle to hold it.
hint-item-too-long = Take a part of it away, and keep that as another testimony:
err-original = A file is not what it was when it was first read, so nothing was sealed:
hint-original = If it is kept here, remove every item that holds this file, and add the original again. If it lies elsewhere, something is writing to it: try again when that has ended.
err-evidence = This cannot be kept as it is:
err-memory = There is not enough free memory: { $needed } is needed for a moment.
hint-memory = Close other programs, then try again. So much is used on purpose: it makes guessing passphrases slow.

## shell

shell-hello =
    { $minutes ->
        [one] Your vault is open. It locks itself after a minute without a key. While this computer sleeps, its keys stay in memory, and it locks only once the computer wakes: press Ctrl-L before you close the lid.
       *[other] Your vault is open. It locks itself after { $minutes } minutes without a key. While this computer sleeps, its keys stay in memory, and it locks only once the computer wakes: press Ctrl-L before you close the lid.
    }
    Type commands without the word sanduq. Ctrl-L or lock locks at once, exit leaves, help lists all commands. While a command is at work, Ctrl-L waits for its end: Ctrl-C ends it and everything at once, and what is kept stays whole.
shell-help = Besides these: lock (or Ctrl-L) locks the vault, exit leaves.
shell-locked = The vault is locked. The passphrase opens it; Enter alone leaves.
shell-left = The vault is locked.
err-shell-alone = The shell is for a person at a terminal.
hint-shell-alone = Run it in a terminal, without --json and --passphrase-fd. Scripts call single commands.
err-shell-other = This is not done inside the shell: it would concern another vault or another part.
err-shell-stream = This is not done inside the shell: it would read or write past it, where nothing locks.
hint-shell-other = Leave the shell with exit, and give it as a command of its own.
err-shell-quotes = A quotation mark is missing its partner.
hint-shell-quotes = A name with spaces stands between two quotation marks: "like this".
err-shell-signals = The system does not let this program listen for the moment to lock.
warn-swap = Note: this system does not let all keys be kept out of swap. Use encrypted swap, or none.
warn-seen = Note: this system does not keep other programs of yours from reading this one's memory.

## tour

err-tour = The tour did not go as it should have.
tour-begin = This tour plays the whole trip, from a testimony to a verified receipt, with made-up evidence. It takes place in this folder:
tour-how = A line that begins with $ is a command as you would type it in that folder. The passphrases it would ask for stand in READ-ME.txt there.
tour-officers = 1. Three officers of an organisation each make a vault of their own, and print the line that goes on the organisation's card.
tour-organisation = Paper Lantern Archive (made up)
tour-desk = 2. The organisation sets up its desk, where bundles will come in. The desk has no key that opens anything. Two of the three officers will have to come together.
tour-card = Officer 1 signs the organisation's card. The desk takes it into its log, so that everyone can see which cards there are.
tour-keep = 3. Far away, someone has something to tell. She makes a vault on her laptop.
tour-testify = She writes down what happened (here it is read from a file), and keeps a scanned page, a photograph and a recording with it. Everything is encrypted before it reaches the disk.
tour-search = She finds it again whichever way she types: here with an Arabic kaf, and 12 for ۱۲.
tour-contact = 4. The organisation's card has reached her. By telephone she hears eight words, so she knows it is really theirs.
tour-seal = She seals everything to the organisation and puts it on a stick. Nobody who finds the stick can open it, or tell who it is from or for.
tour-accept = 5. The stick arrives. The desk checks the bundle from outside, logs it, and writes a receipt that only the sender can open.
tour-receipt = The receipt travels back to her. Now she knows that it arrived whole, and can prove it.
tour-open = 6. Two officers open the bundle, each on their own machine: the first takes off one layer and passes a small file on.
tour-read = Everything was checked before it came into officer 3's vault. There it can be read.
tour-audit = 7. An auditor holds no key and no vault, and can still check the bundle and its receipt.
tour-proof = Officer 3 keeps the receipt with what was opened.
tour-changed = And here is a copy of the bundle in which one single bit was changed:
tour-forget = 8. It has arrived, so she need not keep it. She forgets it: from now on her own passphrase opens nothing of it, whoever asks her for it.
tour-end = This was the whole trip. All of it is left here to look at, and READ-ME.txt says what is what:
tour-end-next = When you are ready, make a vault of your own:
read-me-head =
    Everything in this folder was made up by the tour of Sanduq. No person, place or day in it is real.
    Do not keep anything real in these vaults: their passphrases stand below. You can delete the whole folder.
read-me-passphrases = The passphrases:
read-me-what = What is what:
read-me-officers = the vaults of three officers; officer 3 holds what was opened
read-me-lines = what each officer gave for the card
read-me-desk = the organisation's desk: bundles as they came, and the log
read-me-card = the organisation's card, before and after officer 1 signed it
read-me-samples = the made-up evidence, in plain
read-me-family = the vault of the one who tells
read-me-stick = the bundle as it travelled
read-me-post = the sealed receipt as it travelled back
read-me-passed-on = what officer 1 passed on to officer 3
read-me-opened = an original, written out in plain by officer 3
read-me-proofs = the receipt in plain, for auditors
read-me-changed = the bundle with one bit changed, which does not verify

## key split

help-key-split = Split them into shares, of which only several together open the vault
help-arg-shares = How many shares to make, at most 16
help-arg-shares-needed = How many of them open the vault together, at least 2
help-arg-shares-to = Write a page to print for each share into this folder, readable by anyone
help-arg-shares-typed = Type shares instead of the 24 words
help-arg-shares-from = Files with one share each, in any order
shares-plain = Each page is written in plain: whoever reads enough of these files can open your vault. Write them to a stick or a folder in memory, print them, and destroy the files.
shares-plain-ask = Write the pages? (yes/no)
safe-shares-some = Pages that were written lie there, and anyone can read them: destroy them, and make new shares.
shares-written = Written: { $count } shares, any { $needed } of which open your vault:
shares-written-then = Print each, give each to another person or place, and destroy these files. No two should lie together, and none beside a copy of your vault.
err-shares-terminal = Shares are shown to a person at a terminal only.
hint-shares-terminal = Run the command by hand in a terminal, or write a page for each share into a folder:
share-head = Share { $number } of { $count } of set { $set }
share-means = Any { $needed } of these { $count } shares, with a copy of the vault, open it and can sign as its owner. Fewer give nothing at all.
share-copied = Enter when it is on paper:
err-shares-unseen = Not all shares were shown. Make new ones, and destroy those of this set.
share-care = Keep this page away from the other shares and from any copy of the vault. Do not photograph it. The words are English.
share-use = To open the vault with shares: sanduq recover --shares
shares-how =
    Type the words of the shares, one share after the other, in any order. Numbers before the words do no harm; Enter ends a line.
share-next = Share { $number }, in the order you type them:
share-missing = Shares still needed: { $count }.
hint-shares-needed = Run the command in a terminal, or name files with a share in each:
err-share-split = A vault can be split into 2 to 16 shares, and at least 2 of them must be needed.
hint-share-split = For instance five shares, any three of which open it: --shares 5 --threshold 3
err-share-word = Word { $place } of a share is not in the list of words.
err-share-apart = The words of a share do not belong together: one is wrong or missing, or their order is wrong.
err-not-a-share = This is not a share of a vault.
err-share-other-set = Share { $number } belongs to another set: it was made at another time, or for another vault.
err-share-twice = Share { $number } is there already.
err-share-few = There are not enough shares yet. Still needed: { $missing }.
err-share-made-up = Share { $number } is not genuine: it does not fit the others, which fit together.
err-shares-unfit = There are enough shares, but they do not fit together: at least one of them is not genuine.
hint-shares-unfit = Give one more share of the same set: then it can be told which one is wrong.
hint-share = Compare it with the paper, or take another share of the same set.

## qr and scan

help-qr = Show a card, receipt, letter or bundle as QR codes, for camera or paper
help-scan = Make files again of QR codes in photographs, scans and screenshots
help-arg-qr-file = The card, receipt, letter or bundle
help-arg-qr-to = Write a page to print into this new file, such as page.html
help-arg-qr-rate = So many codes a second
help-arg-pictures = Pictures, PNG or JPEG, or folders of them, in any order
help-arg-scan-to = The folder to write to what they carry
err-qr-kind = Only a card, a receipt, a letter or a bundle is shown as codes, and this file is none, or it is damaged:
hint-qr-kind = What is on paper or on a screen is for everybody to read: a testimony or a key never belongs there. Seal it first.
err-qr-long = This is too long for codes: at most a bundle with a few pages of text can be shown.
hint-qr-long = A bundle with documents goes on a stick or a card:
err-paper-long = On paper this would be about { $sheets } sheets: it is { $size } long, and a bundle is that long however little is in it.
hint-paper-long = Show it on the screen for a camera that films it, or carry it on a stick:
err-qr-terminal = Codes are shown to a camera in front of a terminal only.
hint-qr-terminal = Run the command by hand in a terminal, or write a page to print:
err-qr-window = The window is too small for these codes: they need { $columns } columns and { $rows } rows.
hint-qr-window = Make the window larger, or its letters smaller.
qr-status = Code { $shown }; { $count } or a few more are needed. q ends
qr-status-one = q ends
qr-shown = { $count } codes hold all of it, which takes about { $seconds } seconds. A camera that misses some goes on watching: those that follow make up for it.
qr-shown-one = That was one code. A single photograph of it is enough.
paper-card = An organisation's card
paper-receipt = A receipt
paper-letter = A sealed letter
paper-bundle = A sealed bundle
paper-what = { $count } codes, in any order. { $needed } of them hold all of it; the others are sums of several, so that any one code may be missing or unreadable.
paper-what-one = One code, which holds all of it.
paper-how = To have it as a file again: photograph or scan every sheet, flat and sharp, whole sheets or code by code. Copy the pictures to a computer with Sanduq, and type there:
paper-care = Whoever finds this sheet learns that somebody here deals with Sanduq. Photograph it with a device that sends its pictures nowhere, and delete them afterwards. When it is read, destroy the paper if you do not need it.
paper-care-card = This card is public; it is not proof by itself. Before you seal to it, have the organisation read out its eight words another way.
paper-written-one = A page with one code, which holds all of it:
paper-written = A page with { $count } codes. { $needed } of them hold all of it, and any one may become unreadable:
paper-written-then = Open it in a browser and print it. Whoever has the page has what is on it.
scan-doing = Reading
scan-card = This is an organisation's card, whole:
scan-receipt = This is a receipt, whole:
scan-letter = This is a sealed letter, complete. What is in it, only its receiver can see:
scan-bundle = This is a bundle, whole and unchanged:
scan-next = Next:
scan-incomplete = Of { $needed } pieces of a file, { $known } are known.
scan-missing = The codes with these numbers were in no picture:
scan-not-a-picture = This is neither a PNG nor a JPEG picture. It was passed over:
scan-too-large = This picture is larger than pictures are read here. It was passed over:
scan-unreadable = This picture is damaged, or of an unusual kind. It was passed over:
scan-no-code = No code was found in this picture. Is it sharp, and in good light?
scan-others = Codes that are nothing of Sanduq: { $count }. They were passed over.
err-scan-none = There was nothing of Sanduq in these pictures.
hint-scan-none = Photograph each sheet from straight above, sharp and without shadows. A small code in a large picture is better taken by itself.
err-scan-incomplete = There are not enough codes yet. What is not whole was not written.
hint-scan-incomplete = Take pictures of the codes that are missing, and name all pictures once more, old and new.
err-scan-changed = What some of the codes carry is damaged, or it is no card, receipt, letter or bundle. It was not written.
hint-scan-changed = Somebody may have put a sheet of their own among the others. Read the sheets of one file alone.
err-scan-many = There are more codes than are read at once: at most { $files } files, and { $codes } codes.
hint-scan-many = Read fewer pictures at once.
safe-scan-whole = What was said to be whole is written, and it is whole.
err-shell-pictures = This is not done inside the shell: pictures and codes have no business beside an open vault.
