# Words that every program of Sanduq uses.

# What counts as a yes and as a no when typed, separated by spaces.
answers-yes = yes y
answers-no = no n
answer-unclear = Please type yes or no.
items = { $count ->
    [one] { $count } item
   *[other] { $count } items
}

## Sizes

size-bytes = { $count } bytes
size-kb = { $amount } kB
size-mb = { $amount } MB
size-gb = { $amount } GB

## Help

help-usage = Usage:
help-commands = Commands
help-arguments = What it takes
help-flags = Flags
help-flags-everywhere = Flags of every command
help-help = Show this help
help-version = Show the version

## The command line

err-language-unknown = There is no language called { $tag } here.
hint-language-unknown = Choose one of these two:
err-verb-unknown = There is no such command:
err-verb-missing = A command is missing.
err-flag-unknown = There is no such flag, or there is one word too many:
err-argument-missing = The command line is not complete. This is missing:
err-value = This value does not fit:
err-conflict = These two do not go together:
err-usage = The command line could not be understood.
hint-meant = Did you mean this?
hint-help = This shows what a command takes:
hint-begin = To begin:
err-not-an-item = An item's number is needed here, and this is none:
hint-not-an-item = The numbers stand first on each line of the list:

## Output

err-output = The answer could not be written out completely.
hint-output = Look at what it was written to: the disk may be full. Then run the command again.
err-interrupted = Stopped.
err-declined = Nothing was done.
err-answer = The answer could not be read.

## Files

err-no-file = There is no such file:
hint-no-file = Check the spelling, and whether the stick or card is plugged in.
err-no-permission = This file may not be read by you:
hint-no-permission = Ask whoever owns it for a copy.
err-is-a-folder = This is a folder, a file is needed:
hint-is-a-folder = Name the file within it.
err-read = This file could not be read to the end:
err-too-large = This file is larger than such a file can be ({ $max }), so it was not read:
hint-too-large = Check that you named the right file.
err-not-a-folder = This is not a folder:
hint-not-a-folder = Name a folder, for instance the one your stick is mounted at.
err-read-only = Nothing can be written here:
hint-read-only = Some sticks and cards have a small lock switch. Unlock it, or use another one.
err-medium-full = There is too little room here: { $needed } is needed, { $free } is free.
err-medium-filled = It is full now, and not everything could be written:
safe-medium = What was written whole stays there and counts. Nothing lies there by half.
safe-medium-empty = Nothing of it was left there, and nothing was noted as disclosed.
err-folder-there = Something of this name is already there, and a new folder is needed:
hint-folder-there = Choose another name.
hint-medium-full = Make room, or use a larger stick.
err-file-too-large = A file of { $len } has to be written, but this medium takes at most { $max } in one file (it is formatted as FAT).
hint-file-too-large = Use a stick formatted as exFAT or ext4, seal fewer items at once, or carry it in parts:
err-occupied = A different file of this name is already here:
safe-occupied = It was left as it is.
hint-occupied = Choose another folder or another name.
err-volume-size = In parts of this size there would be too many of them. The smallest size for this bundle is { $size }.
hint-volume-size = Ask for parts of this size, or larger ones:
err-names-max = There are more than { $names } names in this folder, more than are looked at:
hint-names-max = Make a folder for it on the medium, and name that.
help-arg-sync-dir = The stick or folder that goes to and fro
err-reads-back = What was read back from here is not what was written:
hint-reads-back = This stick or disk is failing. Use another one and do the same again.

## Bundles

err-bundle-read = The bundle could not be read to the end.
hint-bundle-read = Copy it again from where it came from.
err-bundle-planted = A layer in this bundle was made for another bundle: someone may be trying to have you open it for them. It was refused.
hint-bundle-planted = Keep the file, do not pass anything on, and tell the other officers.
err-bundle-forged = This bundle is not what its signatures vouch for. It was refused.
hint-bundle-forged = Keep the file as it is, and ask for the bundle again by another way.
err-bundle-damaged = This bundle is damaged, or it is not a bundle of Sanduq.
hint-bundle-damaged = Copy it again from where it came from. A stick pulled out too early does this.
err-passed-on = What the other officer passed on is damaged.
err-passed-on-other = What the other officer passed on belongs to another bundle.
hint-passed-on = Ask for the file again, and name the bundle it was made for.
err-not-an-officer = This bundle was not sealed to you: your key does not stand on the card it names.
hint-not-an-officer = Open it with the vault whose line was put on the card.
safe-nothing-taken = Nothing of it entered your vault.

## What keeps things

err-no-vault = There is no vault here:
hint-no-vault = If you have one, name its folder, as in the first line; the second makes one:
err-busy = The vault is being used by another program just now.
hint-busy = Wait until that is done, or close it. Then try again.
err-changing = The vault is being changed by another program just now, again and again, so no copy of it was made.
hint-changing = Try again when that is done.
err-file-system = A vault cannot be kept safe on this file system:
hint-file-system = Use a folder on this computer's own disk. A stick formatted as FAT is for carrying bundles only.
err-damaged = Something in this vault cannot be read. It was not changed:
safe-damaged = Nothing was overwritten or made anew.
hint-damaged = Copy the whole vault folder to another disk before anything else. Your originals and your bundles are not touched by this.
err-disk-full = This disk or stick is full:
hint-disk-full = Make room, then run the command again.
err-store = This disk or stick did not do as asked:
hint-store = Check the disk or stick that is named above. Then run the command again.
safe-vault = Your vault is as it was.
safe-sync = Everything else that lay there is done.
safe-whole = Nothing in your vault is there by half. It may be done all the same: look before you do it again.
safe-unchanged = Nothing was changed.
err-newer = This was written by a newer version of this program, so it was left alone.
hint-newer = Use the newer version.
err-source = What was to be kept could not be read to its end.
err-file-too-large-here = This file is too large for the medium it was to be written to:
