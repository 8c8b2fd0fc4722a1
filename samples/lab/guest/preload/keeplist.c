/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Preloaded into the restore tools of the lab: libusb's device lists are never freed.
 * libirecovery 1.0.0 walks such a list after it freed it (irecv_open_with_ecid) and ends with
 * SIGSEGV when the device it wants is the newest, as it is after each change of mode. */
struct libusb_device;

void libusb_free_device_list(struct libusb_device **list, int unref_devices);

__attribute__((visibility("default"))) void
libusb_free_device_list(struct libusb_device **list, int unref_devices)
{
    (void)list;
    (void)unref_devices;
}
