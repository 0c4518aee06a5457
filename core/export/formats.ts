/** The formats to which EC2 exports AMIs (EC2 API reference, ExportImage, "DiskImageFormat"). */
export const exportFormats = ["vmdk", "vhd", "raw"] as const;
export type ExportFormat = (typeof exportFormats)[number];
