rm -r "$work"
all="all of it"
echo "${all:?NOT all of it} holds"
