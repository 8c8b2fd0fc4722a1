/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tables of names. Keys: libimobiledevice 1.3 (tools/ideviceinfo.c, docs/lockdownd keys), usbmuxd
 * 2efa75a (src/conf.c), idevicerestore 1.0.1 (src/tss.c, src/restore.c); tags of the serial string:
 * dissectors/core/serial.h; fields of a journal: systemd.journal-fields(7). */
#include <string.h>

#include "plugin/redact/recognise.h"

struct named {
    const char *name;
    enum rs_id_kind kind;
};

/* clang-format off */
static const struct named keys[] = {
    { "UniqueChipID", RS_ID_ECID }, { "ECID", RS_ID_ECID }, { "ApECID", RS_ID_ECID },
    { "UniqueDeviceID", RS_ID_UDID }, { "UDID", RS_ID_UDID },
    { "UniqueDeviceIDString", RS_ID_UDID },
    { "TargetIdentifier", RS_ID_UDID }, { "DeviceID", RS_ID_UDID },
    { "SerialNumber", RS_ID_SERIAL }, { "MLBSerialNumber", RS_ID_SERIAL },
    { "BbSNUM", RS_ID_SERIAL }, { "ChipSerialNo", RS_ID_SERIAL }, { "SrNm", RS_ID_SERIAL },
    { "WirelessBoardSnum", RS_ID_SERIAL }, { "DieID", RS_ID_SERIAL }, { "DieId", RS_ID_SERIAL },
    { "BasebandUniqueId", RS_ID_SERIAL }, { "SE,ID", RS_ID_SERIAL }, { "eUICC,EID", RS_ID_SERIAL },
    { "EUICCChipID", RS_ID_SERIAL }, { "Savage,UID", RS_ID_SERIAL },
    { "Veridian,UID", RS_ID_SERIAL },
    { "InternationalMobileEquipmentIdentity", RS_ID_PHONE },
    { "InternationalMobileEquipmentIdentity2", RS_ID_PHONE },
    { "InternationalMobileSubscriberIdentity", RS_ID_PHONE },
    { "InternationalMobileSubscriberIdentity2", RS_ID_PHONE },
    { "MobileEquipmentIdentifier", RS_ID_PHONE }, { "IntegratedCircuitCardIdentity", RS_ID_PHONE },
    { "IntegratedCircuitCardIdentity2", RS_ID_PHONE }, { "ICCID", RS_ID_PHONE },
    { "IMEI", RS_ID_PHONE }, { "IMEI2", RS_ID_PHONE }, { "MEID", RS_ID_PHONE },
    { "IMSI", RS_ID_PHONE }, { "PhoneNumber", RS_ID_PHONE },
    { "SNON", RS_ID_NONCE }, { "BNCH", RS_ID_NONCE }, { "SepNonce", RS_ID_NONCE },
    { "BoardNonceHash", RS_ID_NONCE },
    { "HostID", RS_ID_HOST }, { "SystemBUID", RS_ID_HOST }, { "UntrustedHostBUID", RS_ID_HOST },
    { "BUID", RS_ID_HOST }, { "SessionID", RS_ID_HOST }, { "@UUID", RS_ID_HOST },
    { "HostUUID", RS_ID_HOST }, { "DeviceUUID", RS_ID_HOST }, { "AccountID", RS_ID_HOST },
    { "DevicePublicKey", RS_ID_SECRET }, { "DeviceCertificate", RS_ID_SECRET },
    { "HostCertificate", RS_ID_SECRET }, { "RootCertificate", RS_ID_SECRET },
    { "HostPrivateKey", RS_ID_SECRET }, { "RootPrivateKey", RS_ID_SECRET },
    { "EscrowBag", RS_ID_SECRET }, { "Password", RS_ID_SECRET }, { "AccountToken", RS_ID_SECRET },
    { "ActivationTicket", RS_ID_SECRET }, { "FairPlayKeyData", RS_ID_SECRET },
    { "DeviceName", RS_ID_NAME }, { "UserName", RS_ID_NAME }, { "ComputerName", RS_ID_NAME },
    { "HostName", RS_ID_NAME }, { "@HostName", RS_ID_NAME }, { "AppleID", RS_ID_NAME },
    { "UserAssignedDeviceName", RS_ID_NAME },
    { "WiFiAddress", RS_ID_MAC }, { "BluetoothAddress", RS_ID_MAC },
    { "EthernetAddress", RS_ID_MAC },
    { "WiFiMACAddress", RS_ID_MAC }, { "MACAddress", RS_ID_MAC },
};

/* Whole families. */
static const struct named endings[] = {
    { "Nonce", RS_ID_NONCE }, { "NonceHash", RS_ID_NONCE }, { "SerialNumber", RS_ID_SERIAL },
    { "ECID", RS_ID_ECID }, { "MacAddress", RS_ID_MAC }, { "PrivateKey", RS_ID_SECRET },
};

static const struct named fields[] = {
    { "tss.ecid", RS_ID_ECID }, { "lockdown.ecid", RS_ID_ECID }, { "restored.ecid", RS_ID_ECID },
    { "remotexpc.ecid", RS_ID_ECID }, { "kis.info.ecid", RS_ID_ECID },
    { "restore.device.ecid", RS_ID_ECID },
    { "restored.serial", RS_ID_SERIAL }, { "usbmuxd.serial", RS_ID_UDID },
    { "http.authorization", RS_ID_SECRET }, { "http.proxy_authorization", RS_ID_SECRET },
    { "http.cookie", RS_ID_SECRET }, { "http.set_cookie", RS_ID_SECRET },
    { "http.authbasic", RS_ID_SECRET }, { "http.proxy_authbasic", RS_ID_SECRET },
    { "dhcp.option.hostname", RS_ID_NAME },
};

/* What stands behind these words, to the first byte of `ends`. */
static const struct {
    const char *word;
    enum rs_id_kind kind;
    const char *ends;
} words[] = {
    { "ECID", RS_ID_ECID, NULL },
    { "SRNM:[", RS_ID_SERIAL, "]" },
    { "IMEI:[", RS_ID_PHONE, "]" },
    { "IMEI: ", RS_ID_PHONE, NULL },
    { "NONC:", RS_ID_NONCE, NULL },
    { "SNON:", RS_ID_NONCE, NULL },
    { "UDID", RS_ID_UDID, NULL },
    { "udid", RS_ID_UDID, NULL },
    { "SerialNumber: ", RS_ID_SERIAL, NULL },
    { "Serial Number: ", RS_ID_SERIAL, NULL },
    { "serial number: ", RS_ID_SERIAL, NULL },
    { "serial number is ", RS_ID_SERIAL, NULL },
    { "/Users/", RS_ID_NAME, "/ \n\"'<>:;," },
    { "/home/", RS_ID_NAME, "/ \n\"'<>:;," },
    { ":\\Users\\", RS_ID_NAME, "\\\n\"<>" },
    { "_HOSTNAME=", RS_ID_NAME, "\n" },
    { "_MACHINE_ID=", RS_ID_HOST, "\n" },
    { "_BOOT_ID=", RS_ID_HOST, "\n" },
    { "USER=", RS_ID_NAME, "\n" },
    { "LOGNAME=", RS_ID_NAME, "\n" },
};
/* clang-format on */

enum {
    WORD_MAX = 128, /* bytes of a value */
    SERIAL_MIN = 8,
    HEX_ROW_MIN = 8, /* pairs of digits */
    HEX_ROW_MAX = 64,
    NONCE_NEAR = 96, /* bytes behind the word "Nonce" */
};

static gboolean
find_name(const struct named *table, gsize n, const char *name, enum rs_id_kind *ret_kind)
{
    for (gsize i = 0; i < n; i++) {
        if (g_str_equal(table[i].name, name)) {
            *ret_kind = table[i].kind;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
rs_recognise_key(const char *key, enum rs_id_kind *ret_kind)
{
    if (find_name(keys, G_N_ELEMENTS(keys), key, ret_kind))
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (g_str_has_suffix(key, endings[i].name)) {
            *ret_kind = endings[i].kind;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
rs_recognise_field(const char *field, enum rs_id_kind *ret_kind)
{
    return find_name(fields, G_N_ELEMENTS(fields), field, ret_kind);
}

const char *
rs_recognise_nth_field(gsize number)
{
    return number < G_N_ELEMENTS(fields) ? fields[number].name : NULL;
}

/* Bytes of a value that ends at one of `ends`, or without them is one word. */
static gsize
value_length(const char *at, gsize left, const char *ends)
{
    gsize n = 0;

    while (n < MIN(left, WORD_MAX) && at[n] &&
           (ends ? !strchr(ends, at[n]) : g_ascii_isalnum(at[n]) || at[n] == '-'))
        n++;
    return n;
}

/* "ECID:001A2B" of a device is hexadecimal, "ECID: 1234" of a log decimal. */
static void
tell_ecid(const char *at, gsize n, gboolean tight, rs_recognised_func func, gpointer data)
{
    g_autofree char *digits = g_strndup(at, n);
    g_autofree char *hex = g_strconcat("0x", digits, NULL);

    if (n < SERIAL_MIN || strspn(digits, "0123456789abcdefABCDEFx") != n)
        return;
    func(RS_ID_ECID, tight && !g_str_has_prefix(digits, "0x") ? hex : digits, data);
}

static void
tell_value(gsize word, const char *at, gsize left, rs_recognised_func func, gpointer data)
{
    const char *ends = words[word].ends;
    enum rs_id_kind kind = words[word].kind;
    gboolean tight = left > 1 && at[0] == ':' && at[1] != ' ';
    g_autofree char *text = NULL;
    g_autofree char *serial = NULL;
    gsize n;

    while (!ends && left > 0 && strchr(":= \"'", *at) && *at) {
        at++;
        left--;
    }
    n = value_length(at, left, ends);
    text = g_strndup(at, n);
    if (kind == RS_ID_ECID)
        tell_ecid(at, n, tight, func, data);
    else if (kind == RS_ID_SERIAL && !ends && (serial = rs_recognise_serial(text, &kind)))
        func(kind, serial, data);
    else if (kind == RS_ID_UDID ? n >= SERIAL_MIN * 2 : kind != RS_ID_SERIAL || ends)
        func(kind, text, data);
}

/* "Nonce ... 83 1c 29 b1 ": logs print nonces byte by byte. */
static void
tell_hex_row(const char *at, gsize left, rs_recognised_func func, gpointer data)
{
    for (gsize start = 0; start + 3 * HEX_ROW_MIN <= MIN(left, NONCE_NEAR); start++) {
        gsize n = 0;

        while (n < HEX_ROW_MAX && start + 3 * n + 3 <= left &&
               g_ascii_isxdigit(at[start + 3 * n]) && g_ascii_isxdigit(at[start + 3 * n + 1]) &&
               (at[start + 3 * n + 2] == ' ' || at[start + 3 * n + 2] == '\n'))
            n++;
        if (n >= HEX_ROW_MIN) {
            g_autofree char *row = g_strndup(at + start, 3 * n - 1);

            func(RS_ID_NONCE, row, data);
            return;
        }
    }
}

void
rs_recognise_text(const char *text, gsize length, rs_recognised_func func, gpointer data)
{
    for (gsize word = 0; word < G_N_ELEMENTS(words); word++) {
        const gsize n = strlen(words[word].word);
        const char *at = text, *end = text + length;

        while ((at = memmem(at, (gsize)(end - at), words[word].word, n))) {
            at += n;
            tell_value(word, at, (gsize)(end - at), func, data);
        }
    }
    for (const char *at = text, *end = text + length;
         (at = memmem(at, (gsize)(end - at), "Nonce", 5));) {
        at += 5;
        tell_hex_row(at, (gsize)(end - at), func, data);
    }
}

char *
rs_recognise_serial(const char *text, enum rs_id_kind *ret_kind)
{
    const gsize n = strlen(text);
    gsize digits = 0;
    gboolean hex = TRUE;

    for (const char *p = text; *p; p++) {
        if (!g_ascii_isalnum(*p) && *p != '-')
            return NULL;
        digits += g_ascii_isdigit(*p);
        hex = hex && (g_ascii_isxdigit(*p) || *p == '-');
    }
    if (n < SERIAL_MIN || digits < 2)
        return NULL;
    *ret_kind = hex && (n == 24 || n == 25 || n == 40) ? RS_ID_UDID : RS_ID_SERIAL;
    return g_strdup(text);
}

char *
rs_recognise_host(const char *name)
{
    static const char *const local[] = { ".local",     ".lan",         ".home",
                                         ".internal",  ".localdomain", ".fritz.box",
                                         ".home.arpa", ".corp",        ".intranet" };

    for (gsize i = 0; i < G_N_ELEMENTS(local); i++) {
        if (g_str_has_suffix(name, local[i]) && name[0] != '_')
            return g_strndup(name, strcspn(name, "."));
    }
    return NULL;
}
