/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every group and key a scenario may have. Who needs a new one adds a line here; nothing else is
 * accepted. Not to be included but by scenario.c. */
#pragma once

/* Groups: X(name, several: "NAME OTHER" may follow "NAME", what it is about) */
#define LAB_GROUPS(X)                                                                              \
    X("scenario", false, "the session: who is started, with what, and how it is to end")           \
    X("truth", false, "what a right verdict says")                                                 \
    X("attempt", true, "the same of one restore of several, in their order, in place of [truth]")  \
    X("device", true, "a phone; \"device NAME\" are further ones")                                 \
    X("network", false, "the way from the client to the internet")                                 \
    X("signing", false, "the signing server")                                                      \
    X("firmware", false, "the firmware directory")                                                 \
    X("fdr", false, "the server behind the reverse proxy")                                         \
    X("proxy", false, "the HTTP proxy")                                                            \
    X("portal", false, "the captive portal")                                                       \
    X("fault", true, "what strikes and when; \"fault NAME\" are further ones")

/* Keys: X(group, key, type, meaning). Type: "text", "number" (decimal or 0x...), "decimal" (1.5),
 * or the words it may be, with "|" between them. A key that ends with ".*" has a free suffix. */
/* clang-format off */
#define LAB_KEYS(X)                                                                                \
    X("scenario", "title", "text", "one sentence")                                                 \
    X("scenario", "client", "text", "restore, info, pair, wait S, run ACTION; several with \";\"") \
    X("scenario", "args", "text", "further arguments of the client")                               \
    X("scenario", "start", "recovery|dfu|normal|restore|wtf|port-dfu|none", "mode at the start")   \
    X("scenario", "limit_s", "number", "the client gets SIGINT after that long")                   \
    X("scenario", "newer", "yes|no", "the client of Debian's newer suite")                         \
    X("scenario", "tail_s", "decimal", "recorded after the client ended")                          \
    X("scenario", "spoil_chunk", "number", "of the image; the client's memory spoils it")          \
    X("scenario", "outcome", "completed|failed|cut-short|no-restore", "what a right verdict says") \
    X("scenario", "healthy", "yes|no", "no finding may be root")                                   \
    X("truth", "causes", "text", "accepted cause ids, best first; \";\" between them")             \
    X("truth", "phase", "text", "restore.phase of the root")                                       \
    X("truth", "frame", "text", "filter of the culprit, when the fault's mark does not fit")       \
    X("truth", "near", "text", "filter of frames that are close")                                  \
    X("truth", "fault", "text", "the fault whose mark counts")                                     \
    X("truth", "from", "start|mark", "where `frame` is searched from")                             \
    X("truth", "decides_s", "decimal", "time from the culprit until it is certain")                \
    X("attempt", "outcome", "completed|failed", "of this restore")                                 \
    X("attempt", "causes", "text", "as of [truth]; likewise the others")                           \
    X("attempt", "phase", "text", "restore.phase of its root")                                     \
    X("attempt", "frame", "text", "filter of its culprit")                                         \
    X("attempt", "near", "text", "filter of frames that are close")                                \
    X("attempt", "fault", "text", "the fault whose mark counts")                                   \
    X("attempt", "from", "start|mark", "where `frame` is searched from")                           \
    X("attempt", "decides_s", "decimal", "time from its culprit until it is certain")              \
    X("device", "model", "text", "d221 and others; phone's list")                                  \
    X("device", "start", "recovery|dfu|normal|restore|wtf|port-dfu|none", "this phone's own start") \
    X("device", "restore", "yes|no", "whether `client = restore` restores it (yes)")               \
    X("device", "ecid", "number", "exclusive chip id")                                             \
    X("device", "serial", "text", "12 characters")                                                 \
    X("device", "udid", "text", "40 hexadecimal digits, or 8-16")                                  \
    X("device", "version", "text", "of the installed system")                                      \
    X("device", "build", "text", "of the installed system")                                        \
    X("device", "trusted", "yes|no", "whether its user trusts this computer")                      \
    X("device", "locked", "yes|no", "whether a passcode is asked for")                             \
    X("device", "script", "text", "script of restored, a name in scenarios/scripts")               \
    X("device", "boot_ms", "number", "from bootx until the ramdisk is up")                         \
    X("device", "leave_ms", "number", "from a command until it leaves the bus")                    \
    X("device", "return_ms", "number", "from leaving the bus until it is back")                    \
    X("device", "hops", "yes|no", "whether it comes back on another bus each time")                \
    X("device", "console", "text", "said on iBoot's console at every start of it")                 \
    X("device", "env.*", "text", "a variable of iBoot: its value, or \"unset\"")                   \
    X("network", "dns", "text", "ok, nxdomain, servfail, refused, silent, nodata, address A")      \
    X("network", "dns_names", "signing|all", "the names `dns` is for")                             \
    X("network", "firewall", "text", "rules for the router's forward chain; \";\" between them")   \
    X("network", "delay_ms", "number", "added by the router")                                      \
    X("network", "loss_percent", "decimal", "lost by the router")                                  \
    X("network", "proxy", "text", "URL the client is given in its environment")                    \
    X("network", "noise", "yes|no", "unrelated failures beside the restore")                       \
    X("signing", "answers", "text", "one by one, the last for all further")                        \
    X("signing", "answers.*", "text", "the same for one kind of ticket (BBTicket, ...)")           \
    X("signing", "tls", "text", "ok, wrong-name, foreign-issuer, expired, alert N, ...")           \
    X("signing", "http", "ok|off", "port 80")                                                      \
    X("firmware", "size", "text", "small")                                                         \
    X("firmware", "filesystem_kib", "number", "size of the filesystem image")                      \
    X("firmware", "damage", "text", "component whose content is spoiled")                          \
    X("firmware", "omit", "text", "component that is missing")                                     \
    X("firmware", "version", "text", "of the system in it")                                        \
    X("firmware", "build", "text", "of the system in it")                                          \
    X("firmware", "download", "yes|no", "fetched from the stand-in download server")               \
    X("fdr", "answer", "text", "what the FDR server does")                                         \
    X("proxy", "answer", "text", "407 or ok")                                                      \
    X("portal", "answer", "text", "what the portal answers")                                       \
    X("fault", "at", "text", "STEP [DETAIL] [#N]; steps: fault.h")                                 \
    X("fault", "do", "text", "ACTION [ARG]... ; ...; actions: fault.h")                            \
    X("fault", "frame", "text", "filter of the culprit in place of the action's own")              \
    X("fault", "device", "text", "only steps of [device NAME] count")
/* clang-format on */
