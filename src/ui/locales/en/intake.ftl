# Words of sanduq-intake: the organisation's desk.

## Help

help-intake = Takes sealed bundles in, logs each, and answers with receipts; it can open none
help-intake-after =
    A bundle is checked, stored and logged. What does not hold is put aside and never deleted.
    Bundles are only read, never changed; "watch" and "sync" lay receipts and letters beside them.
help-intake-init = Make an archive, with a new log key
help-intake-card = Print the draft of your organisation's next card, for an officer to sign
help-intake-accept = Take in bundles, folders of bundles, officers' events, or your organisation's signed card
help-intake-watch = Take in whatever arrives in a folder, and lay receipts and letters beside it
help-intake-sync = Take in what is on a stick, and lay receipts, letters and officers' proofs there
help-intake-letters = Letters of officers, which are laid on every stick
help-intake-letters-add = Lay letters on every stick from now on
help-intake-letters-list = List the letters that are laid on every stick
help-intake-letters-drop = Take letters back
help-intake-carrier = Carrier keys, under which bundles come disguised as random bytes
help-intake-carrier-new = Make a carrier key, and write the file you hand over privately
help-intake-carrier-list = List the carrier keys you hold
help-intake-carrier-remove = Forget carrier keys, such as one that got into wrong hands
help-intake-receipts = Write the receipts that are still to be handed out
help-intake-mirror = Carry copies of your bundles to a sister organisation, on a stick that goes to and fro
help-intake-mirror-audit = Check whether the sister organisation still has what you handed on
help-intake-replica = Keep bundles for a sister organisation: neither logged nor answered
help-intake-replica-sync = Keep what is on a stick, and lay the list of all you keep there
help-intake-replica-answer = Answer a sister organisation's check from the bytes you keep
help-intake-replica-export = Hand bundles back, for a sister organisation that lost its archive
help-intake-replica-list = List the bundles you keep for a sister organisation
help-intake-list = List the bundles taken in
help-intake-log = Print the log, prove an entry, or write it all for auditors
help-intake-log-checkpoint = Print the newest signed checkpoint, which may be made public
help-intake-log-prove = Print the proof that a bundle, a card or an event stands in the log
help-intake-log-export = Write the log as plain files, for an auditor or a witness
help-intake-log-stamp = Have a head of the log stamped with a time, on any other machine, and keep the stamp
help-intake-log-ask = Ask the witnesses of your card to cosign the newest head: a file for each
help-intake-log-cosigned = Take what witnesses answered
help-arg-ask-dir = Where the requests are written, one for each witness
help-arg-ask-from = From how many entries on the log is proved to have grown; needed only for a witness that lost what it knew
help-arg-cosigned = What the witnesses answered
help-arg-card-witness = The keys of a witness, as "sanduq-verify witness keys" prints them; may be named several times. Without it the next card names the same ones as the card before
help-arg-card-quorum = How many of them are enough for a receipt; more than half, which is also the least
help-arg-log-id = The bundle's id, the card's SHA-256, or the digest in the event's entry
help-arg-log-stamped = Prove it under a stamped head, and write the proof and the stamps into this folder
help-arg-stamp-export = The file to write the head to, for whoever stamps it
help-arg-stamp-import = What came back: the response of a time-stamping authority (.tsr), or a proof of OpenTimestamps (.ots)
help-arg-log-dir = The folder to write to; of an older export there only what is new is written
help-arg-archive = The archive's folder
help-arg-organisation = What your organisation calls itself on its card
help-arg-officers = The officers' lines, one file each, as "sanduq recipient" printed them
help-arg-threshold = How many officers open a bundle together (default: more than half)
help-arg-accept-paths = Bundle files, folders of them, or the signed card
help-arg-watch-folder = The folder to watch, for instance the one sticks are mounted in
help-arg-every = Seconds between two looks
help-arg-letters = The letters, as "sanduq reply" wrote them
help-arg-letter-names = The letters' names, as "letters list" shows them
help-arg-carrier-to = The file to write, which you hand over privately
help-arg-carrier-names = The keys' names, as "carrier list" shows them
help-arg-receipts-to = The folder or stick to write to
help-arg-again = Write those handed out before as well
help-arg-mirror-dir = The folder or stick that goes to and fro
help-arg-audit-challenge = The file of your challenge; it is written if it is not there yet
help-arg-audit-answer = The file with the sister organisation's answer
help-arg-audit-sample = Ask about so many bundles, drawn at random (default: all)
help-arg-replica-challenge = The challenge you were given
help-arg-replica-answer-to = The file to write the answer to
help-arg-replica-ids = The ids of the bundles (default: all of them)

## init

intake-init-done = The archive is ready. It lies here:
intake-init-quorum = { $officers ->
    [one] The officer opens bundles alone.
   *[other] Of { $officers } officers, { $threshold } together open a bundle.
}
intake-init-log = Its log has this name and key:
intake-init-key = The file log.key in the archive signs the log. It opens nothing, but whoever has it can sign a false log. Keep it on this machine only.
intake-init-next = Next, an officer signs your card, and you take it in:
err-archive-not-empty = There is something in this folder, so no archive was made in it:
hint-archive-not-empty = Choose a new or an empty folder.
err-founding = No card could be made of this:
hint-founding = A card takes a name, one to five different officers, and a threshold no larger than their number.
err-officer = There is no officer's line in this file:
hint-officer = The officer prints it so, in their own vault:
err-no-archive-home = It is not clear where the archive lies: neither HOME nor XDG_DATA_HOME is set.

## accept

accept-bundle = Taken in, as entry { $leaf } of the log:
accept-known = Taken in before, as entry { $leaf } of the log:
accept-card = Your card with serial number { $serial } is stored, as entry { $leaf } of the log:
accept-events = Events of officer { $officer }: { $fresh } of { $events } are new, and stand in the log now:
accept-card-known = Your card with serial number { $serial } is here already, as entry { $leaf } of the log:
accept-part = Part { $number } of { $parts } of a bundle is kept:
accept-part-known = Part { $number } of { $parts } of a bundle is here already:
accept-parts = { $count ->
    [one] One part was kept. Its bundle is taken in as soon as enough parts of it are here.
   *[other] { $count } parts were kept. Their bundles are taken in as soon as enough parts of each are here.
}
err-part-damaged = Part { $number } of a bundle is damaged, so it was not kept:
err-part-unreadable = This begins like a part of a bundle, but it is damaged, cut short or changed:
hint-part-damaged = Copy it again from where it came from. If it stays so, have it sent again: until then it counts as missing.
safe-part-refused = The file itself was not touched, and the other parts are as good as before.
err-parity = The parity of this bundle does not fit its slices. Whoever made these parts made a mistake, or lied:
hint-parity = The bundle is taken in all the same once every slice of it is here. "sanduq-intake list" says which are missing.
err-set-refused = What these parts make together is no bundle that holds:
hint-set-refused = They stay in the archive, with the reason beside them, and are not tried again. Ask for the bundle again, by another way if you can.
err-too-many-sets = { $limit } bundles wait for parts already, so no other was begun:
hint-too-many-sets = "sanduq-intake list" shows them. What nobody will complete can be moved out of the folder "parts" in the archive.
accept-nothing = There was no bundle to take in.
accept-tally = { $accepted } taken in, { $known } here already, { $refused } refused, { $failed } not read or not stored.
safe-quarantined = The file itself was not touched, and a copy was put aside.
safe-unanswered = What arrived is taken in and logged. The answers that could not be laid there go with the next trip.
safe-here-whole = A whole bundle of this name is here already.
hint-here-whole = This is most likely a damaged copy of it, and need not come again.
hint-quarantined = Ask for the bundle again, by another way if you can. The copy, with the reason beside it:
safe-not-copied = The file itself was not touched. It is too large for a copy to be put aside; only the reason was.
hint-not-copied = Keep the file, and ask for the bundle again, by another way if you can.
err-accept-some = Not everything was taken in.
safe-accept-some = What was taken in is stored and logged. Nothing is there by half, and nothing was deleted.

## Sources

err-not-a-file = This is neither a file nor a folder:
hint-not-a-file = Name the bundle's file, or the folder it lies in.
err-too-deep = The folders here lie too deep in one another, so this one was not searched:
err-too-many-names = There are more than { $limit } names below this folder, so it was not searched to its end:
hint-too-deep = Name the folder the bundles lie in.
err-no-room = There is too little room: { $needed } is needed, { $free } is free.
hint-source-read = Take the stick out and put it in again, or try another machine. A stick that fails should be copied at once.

## The organisation's card

err-card-broken = This is not a signed card, or it was changed since it was signed:
hint-card-broken = A draft is signed in the vault that holds your card key, with "sanduq card sign".
err-card-foreign = This is not a card of this archive:
hint-card-foreign = Draft a card here, and have that one signed.
err-card-expired-here = This card is past its last day:
hint-card-expired-here = Draft a new card and have it signed. Set the clock first, if the date of this machine is wrong.
err-card-key-changed = This card is signed with another key than your card before it. It was not taken.
hint-card-key-changed = If nobody in your organisation changed the card key, somebody is making cards in your name: tell your officers.
err-card-old = A card with this serial number, or a later one, is here already. This one was not taken.
hint-card-old = Draft a new card, which counts up, and have it signed.

## receipts

receipts-done = { $count ->
    [one] One receipt lies here:
   *[other] { $count } receipts lie here:
}
receipts-sealed = Each is sealed to whoever sent the bundle, and named at random: hand all of them to everyone who asks.
intake-sync-none = No receipt had to be laid there.
intake-sync-parts = Of this bundle parts are missing. A letter for its sender, which says which, lies on the stick:
intake-sync-left = { $count ->
    [one] There was no room for one more answer. It goes with the next trip, or make room and run this again.
   *[other] There was no room for { $count } more answers. They go with the next trip, or make room and run this again.
}
intake-sync-more = Give it back to whoever brought it: the letter on it says what is still to come.
intake-sync-cards = { $count ->
    [one] The newest card lies there too, in one letter.
   *[other] The newest card lies there too, in { $count } letters.
}
intake-sync-events = { $count ->
    [one] The proof that an officer's event stands in the log was laid on it.
   *[other] The proofs that { $count } events of officers stand in the log were laid on it.
}
intake-sync-events-waiting = { $count ->
    [one] The proof of one event waits until enough witnesses have cosigned the log:
   *[other] The proofs of { $count } events wait until enough witnesses have cosigned the log:
}
intake-sync-back = Give it back to whoever brought it.
letters-added = { $count ->
    [one] This letter is laid on every stick that comes to "sync" or "watch" from now on, under this name:
   *[other] These { $count } letters are laid on every stick that comes to "sync" or "watch" from now on, under these names:
}
safe-letters-some = What was named before it is done.
letters-added-next = If the officer takes one back:
letters-none = There is no letter to lay on sticks.
letters-since = on every stick since { $day }
letters-dropped = { $count ->
    [one] One letter is taken back. Sticks that come by lose it; somebody may have read it before.
   *[other] { $count } letters are taken back. Sticks that come by lose them; somebody may have read them before.
}
letters-laid = { $count ->
    [one] One letter of an officer was laid there, the same as on every stick.
   *[other] { $count } letters of officers were laid there, the same as on every stick.
}
letters-taken-back = { $count ->
    [one] One letter that was taken back is off it now.
   *[other] { $count } letters that were taken back are off it now.
}
letters-left = { $count ->
    [one] One more letter did not fit.
   *[other] { $count } more letters did not fit.
}
carrier-made = The carrier key is made, and kept in the archive. This is the file to hand over:
carrier-made-hand = Hand it over in person, to one person or one group, and never put it on your card. It opens nothing, but whoever has it recognises every file that is disguised under it. Make another one for others.
carrier-made-next = If it gets into wrong hands, or nobody uses it any more:
carrier-none = No carrier key is held. Disguised bundles are not recognised.
carriers-removed = { $count ->
    [one] The carrier key is forgotten. What still comes under it is passed over.
   *[other] { $count } carrier keys are forgotten. What still comes under them is passed over.
}
err-too-many-carriers = { $limit } carrier keys are held, and no more may be, for each is tried on every file.
hint-too-many-carriers = Forget one that nobody uses any more:
err-no-carrier = There is no carrier key of this name here:
hint-no-carrier = This shows their names:
err-not-a-letter = This file is no sealed letter:
hint-not-a-letter = Get it from the officer untouched, as "sanduq reply" wrote it.
err-no-letter = There is no letter of this name here:
hint-no-letter = This shows their names:
receipts-none = No receipt is waiting to be handed out.

## mirror

mirror-no-list = There is no list here of what the sister organisation holds. Everything is carried.
mirror-held = { $count ->
    [0] By its own list, the sister organisation holds none of your bundles yet.
    [one] By its own list, the sister organisation holds one of your bundles.
   *[other] By its own list, the sister organisation holds { $count } of your bundles.
}
mirror-carried = { $count ->
    [one] One bundle lies here for it, read back and verified:
   *[other] { $count } bundles lie here for it, each read back and verified:
}
mirror-next = Take it to the sister organisation, which runs the following on it; nobody there can open a bundle. When it comes back, run the command you ran now again.
mirror-all-held = Nothing is left to carry. Whether the list is true, only a check shows:
err-own-damaged = These bundles are not whole in your archive, and were not carried:
safe-own-damaged = The others were carried. Nothing was deleted.
hint-own-damaged = If the sister organisation holds them, it hands them back with the first command, and the second one restores them here:
hint-medium-fat = Use a stick formatted as exFAT or ext4.
err-holds = This is no list as a sister organisation lays it, or it did not come whole:
safe-holds = No bundle was carried, and none was taken off.
hint-holds = Remove this file and run the command again. Everything is carried then, and the sister organisation lays a new list.

## mirror audit

audit-asked = { $count ->
    [one] A challenge about one bundle is written:
   *[other] A challenge about { $count } bundles is written:
}
audit-next = Keep this file as it is, and give the sister organisation a copy. It answers with the first command; you check its answer with the second:
audit-held = { $count ->
    [one] One bundle is held there, byte for byte as here.
   *[other] { $count } bundles are held there, byte for byte as here.
}
audit-missing = { $count ->
    [one] One bundle is missing there:
   *[other] { $count } bundles are missing there:
}
audit-wrong = { $count ->
    [one] In place of one bundle there are other bytes:
   *[other] In place of { $count } bundles there are other bytes:
}
audit-unsure = { $count ->
    [one] One bundle is not whole in your own archive, so the copy could not be checked:
   *[other] { $count } bundles are not whole in your own archive, so the copies could not be checked:
}
err-audit = Not every bundle that was asked for is held there whole.
err-audit-own = Some of your own bundles are not whole, so their copies could not be checked.
safe-audit = Your own archive was only read.
hint-audit = Send the stick to and fro once more: the sister organisation looks through its copies, and what it has not got whole is carried again.
err-possession = This is no challenge or answer as it must be written, or it did not come whole:
hint-possession = Ask for the file once more, and hand such files on unchanged.
err-not-its-answer = This does not answer your challenge:
hint-not-its-answer = Check it against the challenge that you kept when you asked. If you have none, ask anew, in a new file:
err-nothing-to-ask = No bundle was taken in so far, so there is nothing to ask about.
err-challenge-there = This file is there already. A challenge is asked once. Name the answer to it, or another file for a new one:

## replica

replica-kept = Kept:
replica-known = Kept before:
replica-nothing = There was no bundle to keep.
replica-tally = { $kept } kept, { $known } here already, { $refused } refused, { $failed } not read or not stored.
replica-held = { $count ->
    [0] You keep no bundle for others so far. An empty list lies here:
    [one] You keep one bundle for others. The list lies here:
   *[other] You keep { $count } bundles for others. The list of them lies here:
}
replica-back = Give it back to whoever brought it: by the list they see what need not be carried again.
err-replica-some = Not everything was kept.
safe-replica-some = What was kept is whole. Nothing is there by half, and no bundle on the stick was changed.
safe-replica-refused = The file itself was not touched, and nothing of it was kept.
hint-replica-refused = Whoever handed it on carries it again, unless it is no bundle of theirs.
err-replica-damaged = These bundles are not whole any more:
safe-replica-damaged = They are not in the list, so they are carried again and then replaced. Nothing was deleted.
hint-replica-damaged = A disk that loses bytes will lose more: move the archive to another one.
replica-answered = { $held } held, { $missing } missing. The answer lies here:
replica-exported = { $count ->
    [one] One bundle is written, read back and verified:
   *[other] { $count } bundles are written, each read back and verified:
}
replica-exported-next = The organisation they were sent to takes them in again with:
replica-list-empty = You keep no bundle for others.
err-no-replica = You keep no bundle with this id:
hint-no-replica = Those you keep are listed by:

## watch

watch-begins = Watching this folder. Ctrl-C ends it.
watch-ended = Ended. Everything taken in is stored and logged.
err-watch = This system gives no timers or signals to watch with:

## list

intake-list-empty = No bundle was taken in so far.
intake-list-about = entry { $leaf }, { $day }, { $size }, { $receipt }
intake-list-answered = receipt handed out
intake-list-waiting = receipt waiting

intake-list-parts = These wait for parts:
intake-list-set = { $there } of { $parts } parts are here, any { $needed } are enough, { $size }
intake-list-missing = missing:
intake-list-parity-refused = its parity does not fit: every slice is needed
intake-list-set-refused = what they made together was refused:

## The archive

err-no-archive = There is no archive here:
hint-no-archive = If you have one, name its folder, as in the first line; the second makes one:
err-archive-busy = The archive is being used by another program just now:
err-archive-full = This disk is full:
hint-archive-full = Make room, then run the command again.
err-archive-disk = This disk did not do as asked:
safe-archive = Your archive is as it was, and the source was not touched.
safe-archive-whole = Nothing in your archive is there by half. It may be done all the same: look before you do it again.
err-archive-damaged = Something in this archive cannot be read, or does not belong together. It was not changed:
safe-archive-damaged = Nothing was overwritten, and nothing was signed.
hint-archive-damaged = Copy the whole archive folder to another disk before anything else. Never put an older copy of it back to work: its log would then say two different things.

## The log for others

log-exported =
    { $size ->
        [one] The log, of one entry, lies here:
       *[other] The log, of { $size } entries, lies here:
    }
log-export-whom = It says how much came and in which order, and nothing of whom it came from. Hand it to auditors; each checks it with your card:
err-other-log = This is not of this archive's log, or was damaged:
hint-other-log = Name an empty folder instead. If it was written from this archive, keep it as it is: something was changed there.
err-log-behind = A checkpoint with { $shown } entries was shown from this log, and this archive knows { $known }. It is an older copy of itself:
hint-log-behind = Do not take anything in with it: the log would then say two different things. Find the newer copy of the archive.
err-not-logged = Nothing in the log names this:
hint-not-logged = The log has these entries:

## Times from outside

stamp-exported =
    { $size ->
        [one] The head of the log, with one entry, lies here:
       *[other] The head of the log, with { $size } entries, lies here:
    }
stamp-export-public = It has the log's name, its size and one digest, and nothing of what is in it. Whoever stamps it gets a digest of it alone, and the address of the machine that asks. Take it to any other machine.
stamp-by-authority = There, by a time-stamping authority of your choice (URL is its address):
stamp-by-calendars = Or with OpenTimestamps, by Bitcoin; the second command some hours later:
stamp-back = Bring back the file that ends in .tsr or .ots, and keep it here:
stamp-kept =
    { $size ->
        [one] Kept: a stamp on the head with one entry.
       *[other] Kept: a stamp on the head with { $size } entries.
    }
stamp-known =
    { $size ->
        [one] This stamp on the head with one entry is here already.
       *[other] This stamp on the head with { $size } entries is here already.
    }
stamp-claims = It claims this time. The authority's signature was not checked:
stamp-blocks = It leads to Bitcoin's blocks of these heights. Whether they have it was not checked:
stamp-check = It goes along with every export of the log from now on. To write the proof of one entry together with it, for auditors, who check the stamp:
stamp-pending = It tells no time yet: only these calendars know of it.
stamp-pending-next = Keep FILE.ots on the other machine. Some hours later type this there, and bring the file here once more:
stamp-proved =
    { $size ->
        [one] The proof under the stamped head, with one entry, and its stamps:
       *[other] The proof under the stamped head, with { $size } entries, and its stamps:
    }
stamp-proved-whom = They are not sealed: hand them to auditors. Each checks them with your card:
err-stamp = This is neither a time-stamping authority's answer nor a proof of OpenTimestamps:
hint-stamp = Bring the file that ends in .tsr or .ots, as it came. Where the authority refused, ask it once more, or another one.
err-other-stamp = This stamp is over something else than a head of this log:
hint-other-stamp = The digest above is what it is over. The file that is stamped must be the very one that was written here:
err-not-stamped = No head of the log that holds this was stamped:
hint-not-stamped = Have the newest head stamped first:

## Witnesses

log-ask-nobody = There is no witness to ask: either the newest card names none, or all of them have cosigned. To name some on the next card:
log-ask-witness = For this witness, this request:
log-ask-next = Hand each to its witness, with your card. The witness types:
log-cosigned =
    { $size ->
        [one] Cosigned with one entry, by this witness:
       *[other] Cosigned with { $size } entries, by this witness:
    }
log-cosigned-enough = Enough witnesses have cosigned now. The receipts that waited go out with the next stick:
log-cosigned-more = More witnesses are needed before receipts go out.
log-ask-again =
    { $size ->
        [one] A witness cosigned the log with one entry last, and wants the proof from there. It may be one of these:
       *[other] A witness cosigned the log with { $size } entries last, and wants the proof from there. It may be one of these:
    }
log-ask-again-next = Ask once more:
receipts-waiting =
    { $receipts ->
        [one] One receipt waits until enough witnesses have cosigned the log. To ask them:
       *[other] { $receipts } receipts wait until enough witnesses have cosigned the log. To ask them:
    }
err-witness-answer = This is no answer of a witness of your card to what was asked:
hint-witness-answer = It may be damaged, or answer an archive that was put back from an older copy. Have the witness answer once more.
err-witness-keys = These are not the keys of a witness:
hint-witness-keys = The witness prints them with:
err-events = This is not a file of events by an officer of this organisation:
hint-events = An officer who stands on the card writes it with "sanduq events". One of another organisation goes to its own desk.
