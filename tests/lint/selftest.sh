# SPDX-License-Identifier: GPL-2.0-or-later
# The lints themselves: each must find the fault that is put into a small tree made for it, and be
# silent on the same tree without it.
set -eu
lints=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

plant() {
    rm -rf "$tree"
    mkdir -p "$tree/dissectors/core" "$tree/plugin/engine" "$tree/samples/a" "$tree/tests/lint"
    cp "$lints/../../.clang-format" "$tree"
    cp "$lints/layers.txt" "$tree/tests/lint"
    printf '%s\n' '/* SPDX-License-Identifier: GPL-2.0-or-later */' '#pragma once' '' \
        '#include <stddef.h>' '' 'size_t rs_a(size_t b);' > "$tree/dissectors/core/a.h"
    printf '%s\n' '/* SPDX-License-Identifier: GPL-2.0-or-later */' \
        '#include "dissectors/core/a.h"' '' 'size_t' 'rs_a(size_t b)' '{' '    return b;' '}' \
        > "$tree/dissectors/core/a.c"
    i=0
    while [ $((i += 1)) -le 100 ]; do
        printf '/* &hf_a_%d, hf_a_%d */\nstatic int hf_a_%d = -1;\n' $i $i $i
    done > "$tree/dissectors/packet-a.c"
    sed -i '1i /* SPDX-License-Identifier: GPL-2.0-or-later */' "$tree/dissectors/packet-a.c"
    echo '/* { &ei_a, { "a.odd", PI_PROTOCOL, PI_WARN, "Odd" */' >> "$tree/dissectors/packet-a.c"
    echo '| `a.odd` | warning | It is odd. |' > "$tree/dissectors/README.md"
    echo capture > "$tree/samples/a/capture.pcapng"
    echo about > "$tree/samples/a/about.md"
    echo '{"outcome":"failed","root":null}' > "$tree/samples/a/verdict.json"
    mkdir -p "$tree/plugin/knowledge" "$tree/plugin/rules" "$tree/samples/lab/scenarios"
    printf '%s\n' '# SPDX-License-Identifier: GPL-2.0-or-later' '[rule a-rule]' 'cause = c' \
        'rivals = d "a; b"' > "$tree/plugin/rules/a.rules"
    printf '[truth]\ncauses = d; c\n' > "$tree/samples/lab/scenarios/a-lab.scenario"
    echo '{"causes":[{"id":"c"},{"id":"d","unseen":"why"}],"signals":[{"id":"s"}]}' \
        > "$tree/plugin/knowledge/errors.json"
    printf '%s\n' '## Causes' '|---|' '| `c` | `a-rule` | - | as another `a-lab` | - | seen |' \
        '| `d` | - | `a-rule` | `a-lab` | - | not seen |' '## Signals' '|---|' \
        '| `s` | `a-rule` | seen |' '## Statements' '|---|' \
        '| told | cause | `c`, `d` | `a-rule`; *unseen*: `d` |' '## Faults' '|---|' '| it | - | - | not seen |' \
        > "$tree/plugin/knowledge/COVERAGE.md"
    echo 'the sample `a`' | tee "$tree/samples/README.md" "$tree/README.md" > "$tree/CONTRIBUTING.md"
}

# faulty LINT WORDS COMMAND: after the command, run in the tree, the lint says the words. One that is
# skipped here says why.
faulty() {
    plant
    status=0
    said=$(sh "$lints/$1.sh" "$tree" 2>&1) || status=$?
    if [ $status -eq 77 ]; then
        echo "$1: $said"
        return
    elif [ $status -ne 0 ]; then
        echo "$1: complains of the tree without a fault: $said"
        failed=1
    fi
    (cd "$tree" && eval "$3")
    if said=$(sh "$lints/$1.sh" "$tree" 2>&1); then
        echo "$1: does not see: $3"
        failed=1
    elif ! echo "$said" | grep -qF -e "$2"; then
        echo "$1: does not say '$2' of: $3, but: $said"
        failed=1
    fi
}

core=dissectors/core/a.c
faulty text 'no SPDX line' "sed -i 1,2d $core"
faulty text 'CR LF' "printf 'int a;\r\n' >> $core"
faulty text 'a tab' "printf '\tint a;\n' >> $core"
faulty text 'ends with a blank' "echo '/* a */ ' >> $core"
faulty text 'is 101 columns wide' "printf '%101s\n' x >> $core"
faulty text 'longer than 600' "yes '/* a */' | head -n 600 >> $core"
faulty text 'path of a machine' "echo '/* see /home/somebody/a.c */' >> $core"
faulty functions 'has 71 lines' "sed -i '/^{/r /dev/stdin' $core << EOF
$(yes '    b++;' | head -n 70)
EOF"
faulty layers 'must not include glib.h' "echo '#include <glib.h>' >> $core"
faulty layers 'must not include plugin/engine/e.h' "echo '#include \"plugin/engine/e.h\"' >> $core"
faulty layers 'must not include epan/packet.h' \
    "echo '#include <epan/packet.h>' > plugin/engine/a.c"
faulty layers 'must not include tests/a.h' "echo '#include \"tests/a.h\"' > plugin/a.c"
faulty layers 'in no folder' "mkdir other && echo > other/a.c"
faulty headers 'does not compile alone' "echo 'uint8_t rs_b(void);' >> dissectors/core/a.h"
faulty headers 'no #pragma once' "sed -i /pragma/d dissectors/core/a.h"
faulty banned 'calls (strcpy(' "echo 'int i = sizeof(strcpy(a, b));' >> $core"
faulty banned 'calls  malloc(' "echo 'int *p = malloc(1);' >> $core"
faulty banned 'calls  printf (' "echo 'int p = printf (1);' >> plugin/engine/a.c"
faulty format 'run clang-format' "echo 'int  a;' >> $core"
faulty experts 'lacks a.odd note' "sed -i 's/PI_WARN/PI_NOTE/' dissectors/packet-a.c"
faulty experts 'no expert info of ours: a.even warning' \
    "echo '| \`a.even\` | warning | It is not. |' >> dissectors/README.md"
faulty registrations 'not used' "sed -i 's/, hf_a_7 / /' dissectors/packet-a.c"
faulty registrations 'not registered' \
    "sed -i 's,&hf_a_7\, hf_a_7 , ,' dissectors/packet-a.c"
faulty samples 'has no about.md' "rm samples/a/about.md"
faulty samples 'is no verdict' "echo '{\"outcome\":\"broken\",\"root\":null}' > samples/a/verdict.json"
faulty samples 'does not name b' "cp -R samples/a samples/b"
table=plugin/knowledge/COVERAGE.md
faulty coverage 'Causes has no row for d' "sed -i '/^| .d/d' $table"
faulty coverage 'Signals has no row' "sed -i '/^| .s/d' $table"
faulty coverage 'there is no b-rule' "sed -i '/^| it/s/ -/ \`b-rule\`/' $table"
faulty coverage 'no sentence' "sed -i 's/not seen//' $table"
faulty coverage 'd: no rule names it' "sed -i 's/,\"unseen\":\"why\"//' plugin/knowledge/errors.json"
faulty coverage 'is not what the rules say' "sed -i 's/unseen[*]/seen*/' $table"
faulty coverage 'there is no cause f' "sed -i 's/\`c\`, /\`f\`, /' $table"
faulty coverage 'c is not what the rules' "sed -i 's/= c/= d/' plugin/rules/a.rules"
faulty coverage 'd is not what the rules' "sed -i 's/ = d/ = c/' samples/lab/scenarios/a-lab.scenario"
faulty coverage 'there is no cause e' "sed -i 's/= c/= e/' plugin/rules/a.rules"
faulty docs 'points to ./nowhere.md' "echo '[a](nowhere.md)' >> README.md"
faulty docs 'points to tests/nowhere' "echo 'see \`tests/nowhere\`' >> README.md"
faulty docs 'more than 150 lines' "yes a | head -n 151 > README.md"
faulty docs 'page.1' "printf '.Dd x\n.Sh A\n' > page.1"

[ $failed -eq 0 ] && echo "every fault was seen"
