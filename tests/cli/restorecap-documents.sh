# SPDX-License-Identifier: GPL-2.0-or-later
# Every option of --help is in the man page and in the completion, and these have no others; every
# exit status is in both.
source=$CAPTURES/../../../capture
sorted() { LC_ALL=C sort -u; }

restorecap --help | grep -E '^ +(-.,|    --)' > described
grep -oE '(^|[ ,])--[a-z-]+' described | grep -oE -e '--[a-z-]+' | sorted > help.long
grep -oE '^ +-[A-Za-z],' described | grep -oE -e '-[A-Za-z]' | sorted > help.short
[ "$(wc -l < help.long)" -gt 10 ]

sed -n 's/^\.It Fl //p' "$source/restorecap.1" > tagged
grep -oE '(^|, )-[a-z-]+|^-[a-z-]+' tagged | grep -oE -e '-[a-z-]+' | sed 's/^/-/' | sorted > man.long
grep -oE '^[A-Za-z] ' tagged | sed 's/^/-/; s/ $//' | sorted > man.short
diff help.long man.long
diff help.short man.short

# The synopsis has each too, by its short name where it has one.
sed -n '/^.Sh SYNOPSIS/,/^.Sh DESCRIPTION/p' "$source/restorecap.1" |
    grep -oE 'Fl (-?[A-Za-z][a-z-]*)' | sed 's/^Fl /-/' | sorted > synopsis
while read -r long; do
    short=$(grep -oE -e "-[A-Za-z], $long" described | cut -c 1-2)
    grep -qxe "${short:-$long}" synopsis || echo "the synopsis lacks $long"
done < help.long

tr -s ' \n' '\n\n' < "$source/restorecap.bash" | grep -oE -e '--[a-z][a-z-]+' | sorted > completed
diff help.long completed

for status in 0 1 2 3 4 5; do
    grep -qx "\.It $status" "$source/restorecap.1"
    restorecap --help | tr -s ' \n' ' ' | grep -q "[ ,;] *$status [a-z]"
done
