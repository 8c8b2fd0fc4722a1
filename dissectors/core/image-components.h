/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The names that build manifests give to the components of a firmware, by the four characters their
 * images carry. Facts from idevicerestore 405fcd1, src/img4.c and src/restore.c; pymobiledevice3
 * 62e2957, restore/img4.py. */
#pragma once

/* clang-format off */

/* X(four characters, component) */
#define RS_IMAGE_COMPONENTS(X) \
    X("acfw", "AudioCodecFirmware") \
    X("acib", "ACIBT") \
    X("aciw", "ACIWIFI") \
    X("almo", "Alamo") \
    X("ane1", "Ap,ANE1") \
    X("ane2", "Ap,ANE2") \
    X("ane3", "Ap,ANE3") \
    X("anef", "ANE") \
    X("ansf", "ANS") \
    X("aopf", "AOP") \
    X("auac", "Ap,AudioAccessibilityBootChime") \
    X("aubt", "Ap,AudioBootChime") \
    X("aupr", "Ap,AudioPowerAttachChime") \
    X("avef", "AVE") \
    X("bat0", "BatteryLow0") \
    X("bat1", "BatteryLow1") \
    X("batF", "BatteryFull") \
    X("cfel", "CFELoader") \
    X("chg0", "BatteryCharging0") \
    X("chg1", "BatteryCharging1") \
    X("ciof", "Ap,CIO") \
    X("crwn", "CrownFirmware") \
    X("dali", "Dali") \
    X("dcp2", "Ap,DCP2") \
    X("dcpf", "DCP") \
    X("diag", "Diags") \
    X("dtre", "DeviceTree") \
    X("dtrs", "EngineeringTrustCache") \
    X("edcp", "ExtDCP") \
    X("ftap", "ftap") \
    X("ftsp", "ftsp") \
    X("gfxf", "GFX") \
    X("glyC", "BatteryCharging") \
    X("glyP", "BatteryPlugin") \
    X("hamf", "Hamm") \
    X("hmmr", "PEHammer") \
    X("homr", "Homer") \
    X("hpas", "Ap,HapticAssets") \
    X("ibd1", "iBootDataStage1") \
    X("ibdt", "iBootData") \
    X("ibec", "iBEC") \
    X("ibot", "iBoot") \
    X("ibss", "iBSS") \
    X("illb", "LLB") \
    X("ipdf", "InputDevice") \
    X("ispf", "ISP") \
    X("isys", "SystemVolume") \
    X("itst", "iBootTest") \
    X("krnl", "KernelCache") \
    X("lckr", "SystemLocker") \
    X("liqd", "Liquid") \
    X("lobo", "Ap,LocalBoot") \
    X("logo", "AppleLogo") \
    X("lpbt", "ACIBTLPEM") \
    X("lphp", "LeapHaptics") \
    X("lpol", "Ap,LocalPolicy") \
    X("lpw0", "LowPowerWallet0") \
    X("lpw1", "LowPowerWallet1") \
    X("lpw2", "LowPowerWallet2") \
    X("ltrs", "LoadableTrustCache") \
    X("mefi", "MacEFI") \
    X("msys", "Ap,SystemVolumeCanonicalMetadata") \
    X("mtfw", "Multitouch") \
    X("mtpf", "MtpFirmware") \
    X("nsih", "Ap,NextStageIM4MHash") \
    X("nsrv", "NeedService") \
    X("OS", "OS") \
    X("osrd", "OSRamdisk") \
    X("pdmg", "PersonalizedDMG") \
    X("pert", "PERTOS") \
    X("phlt", "PHLEET") \
    X("pmpf", "PMP") \
    X("ran1", "Ap,RestoreANE1") \
    X("ran2", "Ap,RestoreANE2") \
    X("ran3", "Ap,RestoreANE3") \
    X("rans", "RestoreANS") \
    X("rcio", "Ap,RestoreCIO") \
    X("rdc2", "Ap,RestoreDCP2") \
    X("rdcp", "RestoreDCP") \
    X("rdsk", "RestoreRamDisk") \
    X("rdtr", "RestoreDeviceTree") \
    X("recm", "RecoveryMode") \
    X("recp", "RestoreExtDCP") \
    X("rfta", "rfta") \
    X("rfts", "rfts") \
    X("rkos", "Rap,RTKitOS") \
    X("rkrn", "RestoreKernelCache") \
    X("rlg1", "Ap,rOSLogo1") \
    X("rlg2", "Ap,rOSLogo2") \
    X("rlgo", "RestoreLogo") \
    X("rmbt", "RBM") \
    X("ronh", "Ap,RecoveryOSPolicyNonceHash") \
    X("rrko", "Rap,RestoreRTKitOS") \
    X("rrtp", "RestoreRTP") \
    X("rsep", "RestoreSEP") \
    X("rsm3", "Ap,RestoreSecureM3Firmware") \
    X("rspt", "Ap,RestoreSecurePageTableMonitor") \
    X("rtmu", "Ap,RestoreTMU") \
    X("rtpf", "RTP") \
    X("rtrx", "Ap,RestoreTrustedExecutionMonitor") \
    X("rtsc", "RestoreTrustCache") \
    X("rxcl", "Ap,RestorecL4") \
    X("sbd1", "Rap,SoftwareBinaryDsp1") \
    X("sc1f", "SCE1Firmware") \
    X("scef", "SCE") \
    X("scpf", "Ap,Scorpius") \
    X("sepi", "SEP") \
    X("siof", "SIO") \
    X("tmuf", "Ap,TMU") \
    X("trbb", "Ap,BootabilityBrainTrustCache") \
    X("trst", "StaticTrustCache") \
    X("vuid", "Ap,VolumeUUID") \
    X("wchf", "WCHFirmwareUpdater")

/* clang-format on */
