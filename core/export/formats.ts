/** What EC2 exports an AMI to (EC2 API reference, ExportImage, "DiskImageFormat"). */
export const exportFormats = ["vmdk", "vhd", "raw"] as const;
export type ExportFormat = (typeof exportFormats)[number];
