/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The numbers restored speaks in and what people call them: message types, progress operations,
 * checkpoints and AMRestore errors. Facts: idevicerestore 405fcd1, src/restore.c; libimobiledevice
 * fa0f791, src/restore.c; names of checkpoints and of errors above 58 from device logs in public
 * bug reports. */
#pragma once

/* clang-format off */

/* X(MsgType). What restored sends, and the one acknowledgement the host sends. */
#define RESTORED_MESSAGES(X)        \
    X(DataRequestMsg)               \
    X(AsyncDataRequestMsg)          \
    X(ProgressMsg)                  \
    X(CheckpointMsg)                \
    X(StatusMsg)                    \
    X(PreviousRestoreLogMsg)        \
    X(BBUpdateStatusMsg)            \
    X(BasebandUpdaterOutputData)    \
    X(RestoredCrash)                \
    X(CrashLog)                     \
    X(AsyncWait)                    \
    X(RestoreAttestation)           \
    X(FDRSubmit)                    \
    X(ProvisioningInfo)             \
    X(ProvisioningAck)              \
    X(ProvisioningStatusMsg)        \
    X(ReceivedFinalStatusMsg)

/* From this version on the codes below hold; before it every code above 35 is one lower. */
#define RESTORED_OPERATIONS_VERSION 14
#define RESTORED_OPERATIONS_SAME 35

/* X(code of ProgressMsg's Operation, text) */
#define RESTORED_OPERATIONS(X)                          \
    X(11, "Creating partition map")                     \
    X(12, "Creating filesystem")                        \
    X(13, "Restoring image")                            \
    X(14, "Verifying restore")                          \
    X(15, "Checking filesystems")                       \
    X(16, "Mounting filesystems")                       \
    X(17, "Fixing up /var")                             \
    X(18, "Flashing firmware")                          \
    X(19, "Updating baseband")                          \
    X(20, "Setting boot stage")                         \
    X(21, "Rebooting device")                           \
    X(22, "Shutting down device")                       \
    X(23, "Turning on accessory power")                 \
    X(24, "Clearing persistent boot-args")              \
    X(25, "Modifying persistent boot-args")             \
    X(26, "Installing root")                            \
    X(27, "Installing kernelcache")                     \
    X(28, "Waiting for NAND")                           \
    X(29, "Unmounting filesystems")                     \
    X(30, "Setting date and time on device")            \
    X(31, "Executing iBEC to bootstrap update")         \
    X(32, "Finalizing NAND epoch update")               \
    X(33, "Checking for inappropriate bootable partitions") \
    X(34, "Creating factory restore marker")            \
    X(35, "Loading firmware data to flash")             \
    X(36, "Requesting FUD data")                        \
    X(37, "Removing activation record")                 \
    X(38, "Checking battery voltage")                   \
    X(39, "Waiting for battery to charge")              \
    X(40, "Closing modem tickets")                      \
    X(41, "Migrating data")                             \
    X(42, "Wiping storage device")                      \
    X(43, "Sending Apple logo to device")               \
    X(44, "Checking for uncollected logs")              \
    X(46, "Clearing NVRAM")                             \
    X(47, "Updating gas gauge software")                \
    X(48, "Preparing for baseband update")              \
    X(49, "Booting the baseband")                       \
    X(50, "Creating system key bag")                    \
    X(51, "Updating IR MCU firmware")                   \
    X(52, "Resizing system partition")                  \
    X(53, "Collecting updater output")                  \
    X(54, "Pairing Stockholm")                          \
    X(55, "Updating Stockholm")                         \
    X(56, "Updating SWDHID")                            \
    X(57, "Certifying SEP")                             \
    X(58, "Updating NAND firmware")                     \
    X(59, "Updating SE firmware")                       \
    X(60, "Updating Savage")                            \
    X(61, "Installing DeviceTree")                      \
    X(62, "Certifying Savage")                          \
    X(63, "Submitting Provinfo")                        \
    X(64, "Certifying Yonkers")                         \
    X(65, "Updating Rose")                              \
    X(66, "Updating Veridian")                          \
    X(67, "Creating protected volume")                  \
    X(68, "Resizing main filesystem partition")         \
    X(69, "Creating recoveryOS volume")                 \
    X(70, "Installing recoveryOS files")                \
    X(71, "Installing recoveryOS image")                \
    X(74, "Requesting EAN data")                        \
    X(77, "Sealing system volume")                      \
    X(81, "Updating AppleTCON")

/* X(code, text) of the AMRestoreErrorDomain: Status, AMRError and CHECKPOINT_RESULT. */
#define RESTORED_ERRORS(X)                              \
    X(0, "success")                                     \
    X(1, "bad argument")                                \
    X(2, "connection failed")                           \
    X(3, "not a restore device")                        \
    X(4, "unsupported device software")                 \
    X(5, "unsupported device hardware")                 \
    X(6, "operation failed")                            \
    X(7, "bad ACK")                                     \
    X(8, "got NAK")                                     \
    X(9, "communication error")                         \
    X(10, "protocol error")                             \
    X(11, "file error")                                 \
    X(12, "file open")                                  \
    X(13, "I/O error")                                  \
    X(14, "ASR failure")                                \
    X(15, "BOM error")                                  \
    X(16, "permission denied")                          \
    X(17, "path does not exist")                        \
    X(18, "out of memory")                              \
    X(19, "bad property list")                          \
    X(20, "epoch check failed")                         \
    X(21, "command execution failed")                   \
    X(22, "not implemented")                            \
    X(23, "radio (baseband) error")                     \
    X(24, "service not found")                          \
    X(25, "uncollected logs")                           \
    X(26, "file system check failed")                   \
    X(27, "file system mount failed")                   \
    X(28, "NAND time-out")                              \
    X(29, "gas gauge update failed")                    \
    X(30, "data journaling failed")                     \
    X(31, "conversion failed")                          \
    X(32, "hash error")                                 \
    X(33, "crypto error")                               \
    X(34, "key bag creation failed")                    \
    X(35, "NAND cleaning failed")                       \
    X(36, "effaceable storage error")                   \
    X(37, "firmware update failed")                     \
    X(38, "IR MCU update failed")                       \
    X(39, "system partition too small")                 \
    X(40, "NAND driver initialisation failed")          \
    X(41, "partition look-up failed")                   \
    X(42, "LwVM formatting failed")                     \
    X(43, "network error")                              \
    X(44, "bad response")                               \
    X(45, "system partition too large")                 \
    X(46, "partitioning failed")                        \
    X(47, "file system formatting failed")              \
    X(48, "nonce unsupported")                          \
    X(49, "AppleConnect not found")                     \
    X(50, "unable to boot SEP")                         \
    X(51, "missing SEP firmware")                       \
    X(52, "FDR: no file system")                        \
    X(53, "FDR failure")                                \
    X(54, "SEP EEPROM test failed")                     \
    X(55, "Stockholm (NFC/SE) pairing failed")          \
    X(56, "Stockholm update failed")                    \
    X(57, "SWD HID update failed")                      \
    X(58, "SEP certification failed")                   \
    X(75, "data volume missing")                        \
    X(79, "bridgeOS update failed")                     \
    X(100, "cryptex (splat) installation failed")       \
    X(102, "NVRAM full")                                \
    X(103, "NVRAM write error")                         \
    X(1001, "baseband: generic user error")             \
    X(1002, "baseband: protocol error")                 \
    X(1003, "baseband: wrong endianness")               \
    X(1004, "baseband: bad arguments")                  \
    X(1005, "baseband: invalid boot loader")            \
    X(1006, "baseband: file size mismatch")             \
    X(1007, "baseband: invalid FLS")                    \
    X(1008, "baseband: FLS file error")                 \
    X(1009, "baseband: unsigned FLS")                   \
    X(1010, "baseband: communication layer failed")     \
    X(1011, "baseband: out-of-date boot loader")        \
    X(1012, "baseband: cannot verify FLS")              \
    X(1013, "baseband: unknown error")                  \
    X(1014, "baseband: setting IMEISV failed")          \
    X(1015, "baseband: unable to roll back")            \
    X(1016, "baseband: bad static EEP")                 \
    X(1017, "baseband: fusing failed")                  \
    X(1018, "baseband: unpersonalised firmware rejected") \
    X(1019, "baseband: provisioning failed")            \
    X(1020, "baseband: system file system not mounted") \
    X(1021, "baseband: provisioning FDR upload failed") \
    X(1100, "ASR: checksum or restore of the image failed") \
    X(0xffffffffffffffff, "verification error")

/* X(low 16 bits of CHECKPOINT_ID, name). Ids are re-assigned between releases: CHECKPOINT_NAME,
 * when there is one, always wins. */
#define RESTORED_CHECKPOINTS(X)                         \
    X(0x0400, "umask")                                  \
    X(0x0402, "setvbuf")                                \
    X(0x0403, "kernel_logger_thread")                   \
    X(0x0404, "update_root_mount")                      \
    X(0x0405, "disable_watchdog")                       \
    X(0x0406, "set_progress_0")                         \
    X(0x0407, "start_gasgauge_thread")                  \
    X(0x0408, "listen_for_log_client")                  \
    X(0x040d, "create_listen_socket")                   \
    X(0x040e, "enable_usb")                             \
    X(0x0600, "client_protocol_version")                \
    X(0x0601, "copy_restore_options")                   \
    X(0x0604, "set_weight_from_options")                \
    X(0x0608, "device_has_hoover")                      \
    X(0x0609, "load_sep_os")                            \
    X(0x060b, "update_ticket")                          \
    X(0x060c, "partition_nand")                         \
    X(0x060d, "wait_for_storage")                       \
    X(0x060e, "update_NAND_firmware")                   \
    X(0x060f, "clear_remap_variable")                   \
    X(0x0610, "asp_nand_set_writable")                  \
    X(0x0611, "reprobe_storage")                        \
    X(0x0612, "reprobe_firmware")                       \
    X(0x0613, "find_filesystem_partitions")             \
    X(0x0614, "mount_system_partition")                 \
    X(0x0615, "copy_hardware_info")                     \
    X(0x0616, "fdr_create")                             \
    X(0x0617, "fdr_save_data")                          \
    X(0x0618, "store_baseband_migration")               \
    X(0x0619, "check_for_restore_log")                  \
    X(0x061a, "check_for_ota_logs")                     \
    X(0x061b, "submit_update_stats")                    \
    X(0x061d, "unmount_unconditionally")                \
    X(0x061f, "format_effaceable_storage")              \
    X(0x0620, "format_storage_for_lwvm")                \
    X(0x0621, "create_filesystem_partitions")           \
    X(0x0622, "reload_filesystem_partitions")           \
    X(0x0624, "restore_images")                         \
    X(0x0626, "mount_filesystem")                       \
    X(0x0627, "fdr_restore_saved_data")                 \
    X(0x0628, "install_kernel_cache")                   \
    X(0x0634, "fdr_recover")                            \
    X(0x0635, "update_device_firmware")                 \
    X(0x063c, "verify_fdr_data")                        \
    X(0x063f, "set_boot_command")                       \
    X(0x0640, "set_autoboot_delay")                     \
    X(0x0643, "get_apfs_options")                       \
    X(0x0645, "check_not_apfs_mount")                   \
    X(0x0647, "cleanup_check_result")                   \
    X(0x0648, "cleanup_send_final_status")              \
    X(0x064e, "clean_nand")                             \
    X(0x0652, "clear_fips_data_file")                   \
    X(0x0653, "create_readwrite_ramdisk")               \
    X(0x0654, "read_previous_os_build_version")         \
    X(0x0655, "is_host_compatible")                     \
    X(0x065b, "asr_and_invert_image")                   \
    X(0x065c, "print_nvram_variables")                  \
    X(0x065d, "delete_mobilebackups")                   \
    X(0x065f, "reserve_overprov_space")                 \
    X(0x0660, "update_partitions_for_apfs")             \
    X(0x0661, "read_persistent_files")                  \
    X(0x0662, "write_persistent_files")                 \
    X(0x0665, "fsck_filesystems")                       \
    X(0x0668, "update_firmware_post_sealing")           \
    X(0x0677, "perform_main_os_prepare")                \
    X(0x067a, "perform_short_prepare")                  \
    X(0x067b, "perform_restore_installing")             \
    X(0x067c, "cleanup_boot_command")                   \
    X(0x067d, "fdr_auto_challenge_claim")               \
    X(0x068b, "seal_system_volume")                     \
    X(0x068f, "libauthinstall_callback")                \
    X(0x0693, "preload_keys_for_fsck")                  \
    X(0x0696, "fix_cache_delete")                       \
    X(0x0697, "downgrade_check")                        \
    X(0x06a6, "install_splat")                          \
    X(0x0900, "baseband_migration_data")                \
    X(0x0901, "check_update")                           \
    X(0x0a00, "roll_media_keys")                        \
    X(0x0a02, "options_system_image")                   \
    X(0x0b00, "mount_filesystem")                       \
    X(0x0b01, "resize_system_partition")                \
    X(0x0b02, "unmount_filesystem")                     \
    X(0x0e00, "install_kernel_cache")                   \
    X(0x0e01, "install_device_tree")                    \
    X(0x0e02, "write_ticket")                           \
    X(0x1300, "update_iBoot")                           \
    X(0x1303, "update_baseband_legacy")                 \
    X(0x130a, "install_fud")                            \
    X(0x130d, "update_savage")                          \
    X(0x1311, "update_veridian")                        \
    X(0x1316, "update_appletcon")                       \
    X(0x1318, "update_usbcretimer")                     \
    X(0x131b, "update_baseband")                        \
    X(0x1320, "update_manta_mcu")                       \
    X(0x1324, "update_appletconnuarp")                  \
    X(0x132c, "await_update_update_veridian")           \
    X(0x132d, "await_update_vinyl")                     \
    X(0x132f, "await_update_se")                        \
    X(0x1330, "await_update_stockholm")                 \
    X(0x1331, "await_update_manta_mcu")                 \
    X(0x1501, "update_savage_postseal")                 \
    X(0x1505, "baseband_postseal")                      \
    X(0x1600, "recovery_os_restore")                    \
    X(0x1613, "cleanup_recovery_os_volume")

/* clang-format on */
