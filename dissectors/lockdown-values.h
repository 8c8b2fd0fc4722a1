/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The Error strings of lockdownd, and what each means to the person in front of the device.
 * Facts: libimobiledevice fa0f791, src/lockdown.c and include/libimobiledevice/lockdown.h;
 * pymobiledevice3 62e2957, lockdown.py. */
#pragma once

/* clang-format off */

/* X(Error, NOTE or WARN: may a healthy session contain it?, meaning) */
#define LOCKDOWN_ERRORS(X) \
    X(InvalidResponse, WARN, "the device got an answer it does not understand") \
    X(MissingKey, NOTE, "the request lacks a key") \
    X(MissingValue, NOTE, "the device has no such value") \
    X(GetProhibited, NOTE, "this value may not be read") \
    X(SetProhibited, NOTE, "this value may not be written") \
    X(RemoveProhibited, NOTE, "this value may not be removed") \
    X(ImmutableValue, NOTE, "this value cannot change") \
    X(PasswordProtected, WARN, "the device is locked: its passcode is needed first") \
    X(UserDeniedPairing, WARN, "the user tapped Don't Trust") \
    X(PairingDialogResponsePending, WARN, "Trust This Computer? is on the screen, unanswered") \
    X(MissingHostID, WARN, "the request lacks the host's id") \
    X(InvalidHostID, WARN, "the device does not know this host's pair record") \
    X(SessionActive, NOTE, "a session is already open") \
    X(SessionInactive, NOTE, "the request needs a session first") \
    X(MissingSessionID, WARN, "the request lacks the session id") \
    X(InvalidSessionID, WARN, "no such session") \
    X(MissingService, WARN, "the request lacks the service's name") \
    X(InvalidService, WARN, "the device has no such service") \
    X(ServiceLimit, WARN, "the service cannot be started once more") \
    X(MissingPairRecord, WARN, "the device has no pair record of this host") \
    X(SavePairRecordFailed, WARN, "the device could not save the pair record") \
    X(InvalidPairRecord, WARN, "the pair record is not valid") \
    X(InvalidActivationRecord, WARN, "the activation record is not valid") \
    X(MissingActivationRecord, WARN, "the device has no activation record") \
    X(ServiceProhibited, WARN, "this host may not start the service") \
    X(EscrowLocked, WARN, "the escrow bag is unusable until the first unlock") \
    X(PairingProhibitedOverThisConnection, WARN, "pairing is restricted on this connection") \
    X(ProhibitedBySupervision, WARN, "the device's supervisor forbids it") \
    X(FMiPProtected, WARN, "Find My protects the device") \
    X(MCProtected, WARN, "device management protects the device") \
    X(MCChallengeRequired, WARN, "device management demands a challenge") \
    X(InvalidConnection, WARN, "not allowed over this kind of connection")

/* clang-format on */
