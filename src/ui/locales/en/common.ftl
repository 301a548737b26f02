# Words that every program of Sanduq uses.

yes-or-no = yes/no
# What counts as a yes when typed, separated by spaces.
answers-yes = yes y
items = { $count ->
    [one] { $count } item
   *[other] { $count } items
}
err-language-unknown = There is no language called { $tag } here.
hint-language-unknown = Choose one of these two:
