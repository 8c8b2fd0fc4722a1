/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a restored may ask the host for, by the names of DataType. Facts: idevicerestore 405fcd1,
 * src/restore.c; pymobiledevice3 62e2957, restore/restore.py and restore/restore_options.py, whose
 * lists of supported types have the names without a meaning here. */
#pragma once

/* clang-format off */

/* X(DataType, what it is, or NULL where only the name is known) */
#define RESTORED_DATA_TYPES(X) \
    X(AuthInstallCACert, NULL) \
    X(BasebandBootData, NULL) \
    X(BasebandData, "firmware of the baseband, signed for this device") \
    X(BasebandStackData, NULL) \
    X(BasebandUpdaterOutputData, "the device hands over the log of the baseband update") \
    X(BootabilityBundle, "a cpio archive with what makes the system bootable") \
    X(BuildIdentityDict, "the build identity of the firmware") \
    X(BuildIdentityDictV2, "the build identity of the firmware") \
    X(Cryptex1LocalPolicy, NULL) \
    X(DeviceTree, "the device tree") \
    X(DiagData, NULL) \
    X(EANData, "firmware that is loaded early") \
    X(FDRMemoryCommit, NULL) \
    X(FDRTrustData, "what factory data is trusted by; hosts answer with nothing") \
    X(FUDData, "firmware that is updated while restoring") \
    X(FileData, NULL) \
    X(FileDataDone, NULL) \
    X(FirmwareUpdaterData, "signed firmware of a component of the device") \
    X(FirmwareUpdaterDataV2, "signed firmware of a component of the device") \
    X(FirmwareUpdaterDataV3, "signed firmware of a component of the device") \
    X(FirmwareUpdaterPreflight, "asked before FirmwareUpdaterData; hosts answer with nothing") \
    X(GrapeFWData, NULL) \
    X(HPMFWData, NULL) \
    X(HostSystemTime, "the time") \
    X(KernelCache, "the kernel") \
    X(MessageUseStreamedImageFile, NULL) \
    X(NORData, "boot loaders and what they load") \
    X(NitrogenFWData, NULL) \
    X(OpalFWData, NULL) \
    X(OverlayRootDataCount, NULL) \
    X(OverlayRootDataForKey, NULL) \
    X(OverlayRootDataForKeyIndex, NULL) \
    X(PeppyFWData, NULL) \
    X(PersonalizedBootObjectV3, "a component, signed for this device") \
    X(PersonalizedData, "components with a flag of the manifest, signed for this device") \
    X(ProvisioningData, NULL) \
    X(RamdiskFWData, NULL) \
    X(ReceiptManifest, "the manifest of the receipt") \
    X(RecoveryOSASRImage, "the image of recoveryOS, by ASR") \
    X(RecoveryOSAppleLogo, NULL) \
    X(RecoveryOSDeviceTree, NULL) \
    X(RecoveryOSFileAssetImage, "more boot images of recoveryOS") \
    X(RecoveryOSIBEC, NULL) \
    X(RecoveryOSIBootFWFilesImages, "more boot images of recoveryOS") \
    X(RecoveryOSImage, "the image of recoveryOS") \
    X(RecoveryOSKernelCache, NULL) \
    X(RecoveryOSLocalPolicy, "the signed boot policy of recoveryOS") \
    X(RecoveryOSOverlayRootDataCount, NULL) \
    X(RecoveryOSRootTicketData, "the ticket of recoveryOS") \
    X(RecoveryOSStaticTrustCache, NULL) \
    X(RecoveryOSVersionData, "the version of recoveryOS") \
    X(RestoreLocalPolicy, "a signed boot policy") \
    X(RootData, NULL) \
    X(RootTicket, "the ticket of this restore") \
    X(S3EOverride, NULL) \
    X(SourceBootObjectV3, "a component as it is in the firmware") \
    X(SourceBootObjectV4, "a component as it is in the firmware") \
    X(SsoServiceTicket, NULL) \
    X(StockholmPostflight, NULL) \
    X(StreamedImageDecryptionKey, "the key of an encrypted image, which the host fetches") \
    X(SystemImageCanonicalMetadata, "what the system volume is sealed by") \
    X(SystemImageData, "the system image, by ASR") \
    X(SystemImageRootHash, "the hash of the sealed system volume") \
    X(URLAsset, "what an address has, which the host fetches") \
    X(USBCFWData, NULL) \
    X(USBCOverride, NULL) \
    X(UpdateVolumeOverlayRootDataCount, NULL)

/* clang-format on */
