/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The registration functions of every dissector: the one list the plugin walks. A new protocol adds
 * its packet-<name>.c, a line here and a line in CMakeLists.txt. */
#pragma once

/* X(name): a file packet-<name>.c with proto_register_<name>() and proto_reg_handoff_<name>(). */
#define RS_DISSECTORS(X)                                                                           \
    X(usbmux)                                                                                      \
    X(usbmuxd)                                                                                     \
    X(apple_plist)                                                                                 \
    X(lockdown)                                                                                    \
    X(restored)                                                                                    \
    X(asr)                                                                                         \
    X(fdr)                                                                                         \
    X(img4)                                                                                        \
    X(iboot)                                                                                       \
    X(appledfu)                                                                                    \
    X(kis)                                                                                         \
    X(remotexpc)                                                                                   \
    X(remotepairing)                                                                               \
    X(applencm)                                                                                    \
    X(tss)

#define RS_DECLARE_DISSECTOR(name)                                                                 \
    void proto_register_##name(void);                                                              \
    void proto_reg_handoff_##name(void);
RS_DISSECTORS(RS_DECLARE_DISSECTOR)
