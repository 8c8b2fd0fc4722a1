/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What lockdownd tells of the phone: the values that usbmuxd, ideviceinfo and idevicerestore ask
 * for. What a phone says without a session is the list without a key; the rest only by name. */
#include <string.h>

#include "samples/lab/vphone/services/lockdownd.h"

enum { CHIP_A12 = 0x8020, SET_MAX = 64 };

typedef plist_t value_fn(lab_phone_t *phone, const char *argument);

static plist_t
text(lab_phone_t *phone, const char *argument)
{
    (void)phone;
    return plist_new_string(argument);
}

static plist_t
boolean(lab_phone_t *phone, const char *argument)
{
    (void)phone;
    return plist_new_bool(strcmp(argument, "true") == 0);
}

static plist_t
ap_nonce(lab_phone_t *phone, const char *argument)
{
    const lab_identity_t *id = lab_phone_identity(phone);

    (void)argument;
    return plist_new_data((const char *)id->ap_nonce, sizeof id->ap_nonce);
}

static plist_t
sep_nonce(lab_phone_t *phone, const char *argument)
{
    const lab_identity_t *id = lab_phone_identity(phone);

    (void)argument;
    return plist_new_data((const char *)id->sep_nonce, sizeof id->sep_nonce);
}

static plist_t
board_id(lab_phone_t *phone, const char *argument)
{
    (void)argument;
    return plist_new_uint(lab_phone_identity(phone)->model->board_id);
}

static plist_t
chip_id(lab_phone_t *phone, const char *argument)
{
    (void)argument;
    return plist_new_uint(lab_phone_identity(phone)->model->chip_id);
}

static plist_t
unique_chip_id(lab_phone_t *phone, const char *argument)
{
    (void)argument;
    return plist_new_uint(lab_phone_identity(phone)->ecid);
}

static plist_t
architecture(lab_phone_t *phone, const char *argument)
{
    unsigned chip = lab_phone_identity(phone)->model->chip_id;

    (void)argument;
    return plist_new_string(chip >= CHIP_A12 ? "arm64e" : "arm64");
}

/* One of the identity's texts. */
static plist_t
identity(lab_phone_t *phone, const char *argument)
{
    const lab_identity_t *id = lab_phone_identity(phone);
    const struct {
        const char *name, *text;
    } texts[] = {
        { "build", id->build },
        { "version", id->version },
        { "serial", id->serial },
        { "udid", id->udid },
        { "product", id->model->product },
        { "hardware", id->model->hardware },
        { "platform", id->model->platform },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(texts[i].name, argument) == 0)
            return plist_new_string(texts[i].text);
    g_assert_not_reached();
}

static plist_t
wifi_address(lab_phone_t *phone, const char *argument)
{
    uint64_t ecid = lab_phone_identity(phone)->ecid;
    g_autofree char *address =
        g_strdup_printf("a4:83:e7:%02x:%02x:%02x", (unsigned)(ecid >> 16) & 0xff,
                        (unsigned)(ecid >> 8) & 0xff, (unsigned)ecid & 0xff);

    (void)argument;
    return plist_new_string(address);
}

static plist_t
public_key(lab_phone_t *phone, const char *argument)
{
    g_autoptr(GBytes) pem = lab_device_public_key();
    size_t length;
    const char *data = g_bytes_get_data(pem, &length);

    (void)phone;
    (void)argument;
    return plist_new_data(data, length);
}

/* X(key, told without a key, function, its argument); the order is that of the answer. */
/* clang-format off */
#define VALUES(X)                                                                                  \
    X("ActivationState",    true,  text,           "Activated")                                    \
    X("ApNonce",            true,  ap_nonce,       "")                                             \
    X("BoardId",            true,  board_id,       "")                                             \
    X("BuildVersion",       true,  identity,       "build")                                        \
    X("CPUArchitecture",    true,  architecture,   "")                                             \
    X("ChipID",             true,  chip_id,        "")                                             \
    X("DeviceClass",        true,  text,           "iPhone")                                       \
    X("DeviceName",         true,  text,           "iPhone")                                       \
    X("DevicePublicKey",    false, public_key,     "")                                             \
    X("HardwareModel",      true,  identity,       "hardware")                                     \
    X("HardwarePlatform",   false, identity,       "platform")                                     \
    X("HasSiDP",            true,  boolean,        "false")                                        \
    X("HostAttached",       true,  boolean,        "true")                                         \
    X("Image4Supported",    true,  boolean,        "true")                                         \
    X("PasswordProtected",  true,  boolean,        "true")                                         \
    X("ProductName",        false, text,           "iPhone OS")                                    \
    X("ProductType",        true,  identity,       "product")                                      \
    X("ProductVersion",     true,  identity,       "version")                                      \
    X("SEPNonce",           true,  sep_nonce,      "")                                             \
    X("SerialNumber",       true,  identity,       "serial")                                       \
    X("TelephonyCapability", false, boolean,       "true")                                         \
    X("UniqueChipID",       true,  unique_chip_id, "")                                             \
    X("UniqueDeviceID",     true,  identity,       "udid")                                         \
    X("WiFiAddress",        true,  wifi_address,   "")

static const struct {
    const char *key;
    bool listed;
    value_fn *make;
    const char *argument;
} values[] = {
#define X(key, listed, make, argument) { key, listed, make, argument },
    VALUES(X)
#undef X
};
/* clang-format on */

/* ---- what hosts have set ---- */

static GHashTable *set_values; /* phone -> dictionary */

static plist_t
set_of(lab_phone_t *phone)
{
    plist_t set;

    if (!set_values)
        set_values = g_hash_table_new_full(NULL, NULL, NULL, plist_free);
    set = g_hash_table_lookup(set_values, phone);
    if (!set) {
        set = plist_new_dict();
        g_hash_table_insert(set_values, phone, set);
    }
    return set;
}

static bool
is_own(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        if (strcmp(values[i].key, key) == 0)
            return strcmp(key, "DeviceName") != 0;
    return false;
}

const char *
lab_lockdown_set(lab_phone_t *phone, const char *key, plist_t value)
{
    plist_t set = set_of(phone);

    if (is_own(key))
        return value ? "SetProhibited" : "RemoveProhibited";
    if (!value && !plist_dict_get_item(set, key))
        return "MissingValue";
    if (value && plist_dict_get_size(set) >= SET_MAX)
        return "SetProhibited";
    if (value)
        plist_dict_set_item(set, key, plist_copy(value));
    else
        plist_dict_remove_item(set, key);
    return NULL;
}

void
lab_lockdown_unset_all(lab_phone_t *phone)
{
    if (set_values)
        g_hash_table_remove(set_values, phone);
}

/* ---- what the phone tells ---- */

plist_t
lab_lockdown_values(lab_phone_t *phone)
{
    plist_t dict = plist_new_dict();

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        if (values[i].listed)
            plist_dict_set_item(dict, values[i].key, lab_lockdown_value(phone, values[i].key));
    return dict;
}

plist_t
lab_lockdown_value(lab_phone_t *phone, const char *key)
{
    plist_t set = plist_dict_get_item(set_of(phone), key);

    if (set)
        return plist_copy(set);
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        if (strcmp(values[i].key, key) == 0)
            return values[i].make(phone, values[i].argument);
    return NULL;
}
