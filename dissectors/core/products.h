/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which product a chip and board number name, as they stand in the serial string of DFU and
 * recovery mode. Facts from libirecovery 04d04f7, src/libirecovery.c. */
#pragma once

/* clang-format off */

/* X(chip id, name) */
#define RS_CHIPS(X) \
    X(0x7000, "A8") \
    X(0x7001, "A8X") \
    X(0x8000, "A9 (S)") \
    X(0x8001, "A9X") \
    X(0x8003, "A9 (T)") \
    X(0x8006, "S4/S5") \
    X(0x8010, "A10") \
    X(0x8011, "A10X") \
    X(0x8012, "T2") \
    X(0x8015, "A11") \
    X(0x8020, "A12") \
    X(0x8027, "A12X/Z") \
    X(0x8030, "A13") \
    X(0x8101, "A14") \
    X(0x8103, "M1") \
    X(0x8110, "A15") \
    X(0x8112, "M2") \
    X(0x8120, "A16") \
    X(0x8122, "M3") \
    X(0x8130, "A17 Pro") \
    X(0x8132, "M4") \
    X(0x8140, "A18/A18 Pro") \
    X(0x8142, "M5") \
    X(0x8150, "A19/A19 Pro") \
    X(0x8301, "S6-S8") \
    X(0x8720, "S5L8720") \
    X(0x8900, "S5L8900") \
    X(0x8920, "S5L8920") \
    X(0x8922, "S5L8922") \
    X(0x8930, "A4") \
    X(0x8940, "A5") \
    X(0x8942, "A5r2") \
    X(0x8945, "A5X") \
    X(0x8947, "A5r3") \
    X(0x8950, "A6") \
    X(0x8955, "A6X") \
    X(0x8960, "A7") \
    X(0xFE01, "virtual")

/* X(chip id, board id, product identifier, board) */
#define RS_PRODUCTS(X) \
    X(0x7000, 0x04, "iPhone7,1", "n56ap") \
    X(0x7000, 0x06, "iPhone7,2", "n61ap") \
    X(0x7000, 0x08, "iPad5,1", "j96ap") \
    X(0x7000, 0x0A, "iPad5,2", "j97ap") \
    X(0x7000, 0x10, "iPod7,1", "n102ap") \
    X(0x7000, 0x1A, "AudioAccessory1,2", "b238ap") \
    X(0x7000, 0x34, "AppleTV5,3", "j42dap") \
    X(0x7000, 0x38, "AudioAccessory1,1", "b238aap") \
    X(0x7001, 0x02, "iPad5,4", "j82ap") \
    X(0x7001, 0x06, "iPad5,3", "j81ap") \
    X(0x8000, 0x02, "iPhone8,4", "n69uap") \
    X(0x8000, 0x04, "iPhone8,1", "n71ap") \
    X(0x8000, 0x06, "iPhone8,2", "n66ap") \
    X(0x8000, 0x10, "iPad6,11", "j71sap") \
    X(0x8000, 0x12, "iPad6,12", "j72sap") \
    X(0x8001, 0x08, "iPad6,3", "j127ap") \
    X(0x8001, 0x0A, "iPad6,4", "j128ap") \
    X(0x8001, 0x10, "iPad6,7", "j98aap") \
    X(0x8001, 0x12, "iPad6,8", "j99aap") \
    X(0x8003, 0x02, "iPhone8,4", "n69ap") \
    X(0x8003, 0x04, "iPhone8,1", "n71map") \
    X(0x8003, 0x06, "iPhone8,2", "n66map") \
    X(0x8003, 0x10, "iPad6,11", "j71tap") \
    X(0x8003, 0x12, "iPad6,12", "j72tap") \
    X(0x8006, 0x22, "AudioAccessory5,1", "b520ap") \
    X(0x8010, 0x08, "iPhone9,1", "d10ap") \
    X(0x8010, 0x0A, "iPhone9,2", "d11ap") \
    X(0x8010, 0x0C, "iPhone9,3", "d101ap") \
    X(0x8010, 0x0E, "iPhone9,4", "d111ap") \
    X(0x8010, 0x16, "iPod9,1", "n112ap") \
    X(0x8010, 0x18, "iPad7,5", "j71bap") \
    X(0x8010, 0x1A, "iPad7,6", "j72bap") \
    X(0x8010, 0x1C, "iPad7,11", "j171ap") \
    X(0x8010, 0x1E, "iPad7,12", "j172ap") \
    X(0x8011, 0x02, "AppleTV6,2", "j105aap") \
    X(0x8011, 0x04, "iPad7,3", "j207ap") \
    X(0x8011, 0x06, "iPad7,4", "j208ap") \
    X(0x8011, 0x0C, "iPad7,1", "j120ap") \
    X(0x8011, 0x0E, "iPad7,2", "j121ap") \
    X(0x8012, 0x07, "iBridge2,7", "j780ap") \
    X(0x8012, 0x0A, "iBridge2,1", "j137ap") \
    X(0x8012, 0x0B, "iBridge2,3", "j680ap") \
    X(0x8012, 0x0C, "iBridge2,4", "j132ap") \
    X(0x8012, 0x0E, "iBridge2,5", "j174ap") \
    X(0x8012, 0x0F, "iBridge2,6", "j160ap") \
    X(0x8012, 0x17, "iBridge2,8", "j140kap") \
    X(0x8012, 0x18, "iBridge2,10", "j213ap") \
    X(0x8012, 0x22, "iBridge2,19", "j185ap") \
    X(0x8012, 0x23, "iBridge2,20", "j185fap") \
    X(0x8012, 0x37, "iBridge2,12", "j140aap") \
    X(0x8012, 0x38, "iBridge2,22", "j215ap") \
    X(0x8012, 0x3A, "iBridge2,14", "j152fap") \
    X(0x8012, 0x3B, "iBridge2,21", "j223ap") \
    X(0x8012, 0x3E, "iBridge2,16", "j214kap") \
    X(0x8012, 0x3F, "iBridge2,15", "j230kap") \
    X(0x8015, 0x02, "iPhone10,1", "d20ap") \
    X(0x8015, 0x04, "iPhone10,2", "d21ap") \
    X(0x8015, 0x06, "iPhone10,3", "d22ap") \
    X(0x8015, 0x0A, "iPhone10,4", "d201ap") \
    X(0x8015, 0x0C, "iPhone10,5", "d211ap") \
    X(0x8015, 0x0E, "iPhone10,6", "d221ap") \
    X(0x8020, 0x08, "AppleTV11,1", "j305ap") \
    X(0x8020, 0x0A, "iPhone11,4", "d331ap") \
    X(0x8020, 0x0C, "iPhone11,8", "n841ap") \
    X(0x8020, 0x0E, "iPhone11,2", "d321ap") \
    X(0x8020, 0x14, "iPad11,1", "j210ap") \
    X(0x8020, 0x16, "iPad11,2", "j211ap") \
    X(0x8020, 0x1A, "iPhone11,6", "d331pap") \
    X(0x8020, 0x1C, "iPad11,3", "j217ap") \
    X(0x8020, 0x1E, "iPad11,4", "j218ap") \
    X(0x8020, 0x24, "iPad11,6", "j171aap") \
    X(0x8020, 0x26, "iPad11,7", "j172aap") \
    X(0x8027, 0x08, "iPad8,5", "j320ap") \
    X(0x8027, 0x0A, "iPad8,7", "j321ap") \
    X(0x8027, 0x0C, "iPad8,1", "j317ap") \
    X(0x8027, 0x0E, "iPad8,3", "j318ap") \
    X(0x8027, 0x18, "iPad8,6", "j320xap") \
    X(0x8027, 0x1A, "iPad8,8", "j321xap") \
    X(0x8027, 0x1C, "iPad8,2", "j317xap") \
    X(0x8027, 0x1E, "iPad8,4", "j318xap") \
    X(0x8027, 0x38, "iPad8,11", "j420ap") \
    X(0x8027, 0x3A, "iPad8,12", "j421ap") \
    X(0x8027, 0x3C, "iPad8,9", "j417ap") \
    X(0x8027, 0x3E, "iPad8,10", "j418ap") \
    X(0x8030, 0x02, "iPhone12,5", "d431ap") \
    X(0x8030, 0x04, "iPhone12,1", "n104ap") \
    X(0x8030, 0x06, "iPhone12,3", "d421ap") \
    X(0x8030, 0x10, "iPhone12,8", "d79ap") \
    X(0x8030, 0x18, "iPad12,1", "j181ap") \
    X(0x8030, 0x1A, "iPad12,2", "j182ap") \
    X(0x8101, 0x04, "iPad13,1", "j307ap") \
    X(0x8101, 0x06, "iPad13,2", "j308ap") \
    X(0x8101, 0x08, "iPhone13,4", "d54pap") \
    X(0x8101, 0x0A, "iPhone13,1", "d52gap") \
    X(0x8101, 0x0C, "iPhone13,2", "d53gap") \
    X(0x8101, 0x0E, "iPhone13,3", "d53pap") \
    X(0x8101, 0x14, "iPad13,18", "j271ap") \
    X(0x8101, 0x16, "iPad13,19", "j272ap") \
    X(0x8103, 0x08, "iPad13,4", "j517ap") \
    X(0x8103, 0x0A, "iPad13,5", "j517xap") \
    X(0x8103, 0x0C, "iPad13,6", "j518ap") \
    X(0x8103, 0x0E, "iPad13,7", "j518xap") \
    X(0x8103, 0x10, "iPad13,16", "j407ap") \
    X(0x8103, 0x12, "iPad13,17", "j408ap") \
    X(0x8103, 0x18, "iPad13,8", "j522ap") \
    X(0x8103, 0x1A, "iPad13,9", "j522xap") \
    X(0x8103, 0x1C, "iPad13,10", "j523ap") \
    X(0x8103, 0x1E, "iPad13,11", "j523xap") \
    X(0x8110, 0x02, "AppleTV14,1", "j255ap") \
    X(0x8110, 0x04, "iPad14,1", "j310ap") \
    X(0x8110, 0x06, "iPad14,2", "j311ap") \
    X(0x8110, 0x08, "iPhone14,4", "d16ap") \
    X(0x8110, 0x0A, "iPhone14,5", "d17ap") \
    X(0x8110, 0x0C, "iPhone14,2", "d63ap") \
    X(0x8110, 0x0E, "iPhone14,3", "d64ap") \
    X(0x8110, 0x10, "iPhone14,6", "d49ap") \
    X(0x8110, 0x18, "iPhone14,7", "d27ap") \
    X(0x8110, 0x1A, "iPhone14,8", "d28ap") \
    X(0x8112, 0x08, "iPad14,3", "j617ap") \
    X(0x8112, 0x0A, "iPad14,4", "j618ap") \
    X(0x8112, 0x0C, "iPad14,5", "j620ap") \
    X(0x8112, 0x0E, "iPad14,6", "j621ap") \
    X(0x8112, 0x10, "iPad14,8", "j507ap") \
    X(0x8112, 0x12, "iPad14,9", "j508ap") \
    X(0x8112, 0x14, "iPad14,10", "j537ap") \
    X(0x8112, 0x16, "iPad14,11", "j538ap") \
    X(0x8120, 0x08, "iPhone15,4", "d37ap") \
    X(0x8120, 0x0A, "iPhone15,5", "d38ap") \
    X(0x8120, 0x0C, "iPhone15,2", "d73ap") \
    X(0x8120, 0x0E, "iPhone15,3", "d74ap") \
    X(0x8120, 0x10, "iPad15,7", "j481ap") \
    X(0x8120, 0x12, "iPad15,8", "j482ap") \
    X(0x8122, 0x08, "iPad15,3", "j607ap") \
    X(0x8122, 0x0A, "iPad15,4", "j608ap") \
    X(0x8122, 0x0C, "iPad15,5", "j637ap") \
    X(0x8122, 0x0E, "iPad15,6", "j638ap") \
    X(0x8130, 0x04, "iPhone16,1", "d83ap") \
    X(0x8130, 0x06, "iPhone16,2", "d84ap") \
    X(0x8130, 0x08, "iPad16,1", "j410ap") \
    X(0x8130, 0x0A, "iPad16,2", "j411ap") \
    X(0x8132, 0x08, "iPad16,3", "j717ap") \
    X(0x8132, 0x0A, "iPad16,4", "j718ap") \
    X(0x8132, 0x0C, "iPad16,5", "j720ap") \
    X(0x8132, 0x0E, "iPad16,6", "j721ap") \
    X(0x8132, 0x10, "iPad16,8", "j707ap") \
    X(0x8132, 0x12, "iPad16,9", "j708ap") \
    X(0x8132, 0x14, "iPad16,10", "j737ap") \
    X(0x8132, 0x16, "iPad16,11", "j738ap") \
    X(0x8140, 0x04, "iPhone17,5", "v59ap") \
    X(0x8140, 0x08, "iPhone17,3", "d47ap") \
    X(0x8140, 0x0A, "iPhone17,4", "d48ap") \
    X(0x8140, 0x0C, "iPhone17,1", "d93ap") \
    X(0x8140, 0x0E, "iPhone17,2", "d94ap") \
    X(0x8142, 0x08, "iPad17,1", "j817ap") \
    X(0x8142, 0x0A, "iPad17,2", "j818ap") \
    X(0x8142, 0x0C, "iPad17,3", "j820ap") \
    X(0x8142, 0x0E, "iPad17,4", "j821ap") \
    X(0x8150, 0x08, "iPhone18,3", "v57ap") \
    X(0x8150, 0x0A, "iPhone18,4", "d23ap") \
    X(0x8150, 0x0C, "iPhone18,1", "v53ap") \
    X(0x8150, 0x0E, "iPhone18,2", "v54ap") \
    X(0x8150, 0x16, "iPhone18,5", "v159ap") \
    X(0x8301, 0x18, "AudioAccessory6,1", "b620ap") \
    X(0x8720, 0x00, "iPod2,1", "n72ap") \
    X(0x8900, 0x00, "iPhone1,1", "m68ap") \
    X(0x8900, 0x02, "iPod1,1", "n45ap") \
    X(0x8900, 0x04, "iPhone1,2", "n82ap") \
    X(0x8920, 0x00, "iPhone2,1", "n88ap") \
    X(0x8922, 0x02, "iPod3,1", "n18ap") \
    X(0x8930, 0x00, "iPhone3,1", "n90ap") \
    X(0x8930, 0x02, "iPad1,1", "k48ap") \
    X(0x8930, 0x04, "iPhone3,2", "n90bap") \
    X(0x8930, 0x06, "iPhone3,3", "n92ap") \
    X(0x8930, 0x08, "iPod4,1", "n81ap") \
    X(0x8930, 0x10, "AppleTV2,1", "k66ap") \
    X(0x8940, 0x02, "iPad2,3", "k95ap") \
    X(0x8940, 0x04, "iPad2,1", "k93ap") \
    X(0x8940, 0x06, "iPad2,2", "k94ap") \
    X(0x8940, 0x08, "iPhone4,1", "n94ap") \
    X(0x8942, 0x00, "iPod5,1", "n78ap") \
    X(0x8942, 0x06, "iPad2,4", "k93aap") \
    X(0x8942, 0x08, "AppleTV3,1", "j33ap") \
    X(0x8942, 0x0A, "iPad2,5", "p105ap") \
    X(0x8942, 0x0C, "iPad2,6", "p106ap") \
    X(0x8942, 0x0E, "iPad2,7", "p107ap") \
    X(0x8945, 0x00, "iPad3,1", "j1ap") \
    X(0x8945, 0x02, "iPad3,2", "j2ap") \
    X(0x8945, 0x04, "iPad3,3", "j2aap") \
    X(0x8947, 0x00, "AppleTV3,2", "j33iap") \
    X(0x8950, 0x00, "iPhone5,1", "n41ap") \
    X(0x8950, 0x02, "iPhone5,2", "n42ap") \
    X(0x8950, 0x0A, "iPhone5,3", "n48ap") \
    X(0x8950, 0x0E, "iPhone5,4", "n49ap") \
    X(0x8955, 0x00, "iPad3,4", "p101ap") \
    X(0x8955, 0x02, "iPad3,5", "p102ap") \
    X(0x8955, 0x04, "iPad3,6", "p103ap") \
    X(0x8960, 0x00, "iPhone6,1", "n51ap") \
    X(0x8960, 0x02, "iPhone6,2", "n53ap") \
    X(0x8960, 0x0A, "iPad4,4", "j85ap") \
    X(0x8960, 0x0C, "iPad4,5", "j86ap") \
    X(0x8960, 0x0E, "iPad4,6", "j87ap") \
    X(0x8960, 0x10, "iPad4,1", "j71ap") \
    X(0x8960, 0x12, "iPad4,2", "j72ap") \
    X(0x8960, 0x14, "iPad4,3", "j73ap") \
    X(0x8960, 0x32, "iPad4,7", "j85map") \
    X(0x8960, 0x34, "iPad4,8", "j86map") \
    X(0x8960, 0x36, "iPad4,9", "j87map") \
    X(0xFE01, 0x90, "iPhone99,11", "vresearch101ap")

/* clang-format on */
