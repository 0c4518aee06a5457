import { deflateSync } from "node:zlib";

const SECTOR = 512;
/** A VMDK's grain in sectors: 64 KiB. */
const GRAIN = 128;
const ENTRIES = 512;

export type DiskFormat = "raw" | "vhd" | "vmdk";

/**
 * A disk's bytes as a file. VMDK is stream-optimized, VHD has a fixed size (VM Import/Export user guide,
 * "Considerations for image export", states the former but not the kind of VHD).
 * @param disk a multiple of the sector size
 */
export function toDiskFile(disk: Buffer, format: DiskFormat): Buffer {
  if (format === "raw") return disk;
  return format === "vhd" ? Buffer.concat([disk, vhdFooter(disk.length)]) : streamOptimizedVmdk(disk);
}

/** "Virtual Hard Disk Image Format Specification", version 1.0, "Hard Disk Footer Format". */
function vhdFooter(size: number): Buffer {
  const footer = Buffer.alloc(SECTOR);
  footer.write("conectix", 0, "latin1");
  footer.writeUInt32BE(2, 8);
  footer.writeUInt32BE(0x0001_0000, 12);
  footer.writeBigUInt64BE(0xffff_ffff_ffff_ffffn, 16);
  footer.write("vm  ", 28, "latin1");
  footer.writeBigUInt64BE(BigInt(size), 40);
  footer.writeBigUInt64BE(BigInt(size), 48);
  // Cylinders, heads and sectors per track, for a small disk.
  footer.writeUInt16BE(Math.min(Math.floor(size / SECTOR / 16 / 63), 65_535), 56);
  footer.writeUInt8(16, 58);
  footer.writeUInt8(63, 59);
  footer.writeUInt32BE(2, 60);
  footer.writeUInt32BE(~footer.reduce((sum, byte) => sum + byte, 0) >>> 0, 64);
  return footer;
}

/** "Virtual Disk Format 5.0" (VMware), "Stream-Optimized Compressed Sparse Extents". */
function streamOptimizedVmdk(disk: Buffer): Buffer {
  const sectors = disk.length / SECTOR;
  const pieces: Buffer[] = [header(sectors, 0xffff_ffff_ffff_ffffn), descriptor(sectors)];
  let at = GRAIN;
  pieces.push(Buffer.alloc((at - 1 - 20) * SECTOR));
  const push = (piece: Buffer): number => {
    const padded = Buffer.concat([piece, Buffer.alloc((SECTOR - (piece.length % SECTOR)) % SECTOR)]);
    const offset = at;
    pieces.push(padded);
    at += padded.length / SECTOR;
    return offset;
  };
  const directory: number[] = [];
  for (let first = 0; first < sectors; first += GRAIN * ENTRIES) {
    const table = Buffer.alloc(ENTRIES * 4);
    for (let entry = 0; entry < ENTRIES; entry++) {
      const lba = first + entry * GRAIN;
      const grain = disk.subarray(lba * SECTOR, (lba + GRAIN) * SECTOR);
      if (grain.length > 0 && grain.some((byte) => byte !== 0))
        table.writeUInt32LE(push(grainOf(lba, grain)), entry * 4);
    }
    push(marker((ENTRIES * 4) / SECTOR, 1));
    directory.push(push(table));
  }
  const entries = Buffer.alloc(directory.length * 4);
  for (const [entry, offset] of directory.entries()) entries.writeUInt32LE(offset, entry * 4);
  push(marker(Math.ceil(entries.length / SECTOR), 2));
  const directoryAt = push(entries);
  push(marker(1, 3));
  push(header(sectors, BigInt(directoryAt)));
  push(marker(0, 0));
  return Buffer.concat(pieces);
}

function header(sectors: number, directoryAt: bigint): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes.write("KDMV", 0, "latin1");
  bytes.writeUInt32LE(3, 4);
  // Flags: newline test, compressed grains, markers.
  bytes.writeUInt32LE(0x0003_0001, 8);
  bytes.writeBigUInt64LE(BigInt(sectors), 12);
  bytes.writeBigUInt64LE(BigInt(GRAIN), 20);
  bytes.writeBigUInt64LE(1n, 28);
  bytes.writeBigUInt64LE(20n, 36);
  bytes.writeUInt32LE(ENTRIES, 44);
  bytes.writeBigUInt64LE(directoryAt, 56);
  bytes.writeBigUInt64LE(BigInt(GRAIN), 64);
  bytes.write("\n \r\n", 73, "latin1");
  bytes.writeUInt16LE(1, 77);
  return bytes;
}

function descriptor(sectors: number): Buffer {
  const text = [
    "# Disk DescriptorFile",
    "version=1",
    "CID=fffffffe",
    "parentCID=ffffffff",
    'createType="streamOptimized"',
    `RDONLY ${sectors} SPARSE "disk.vmdk"`,
    'ddb.adapterType = "lsilogic"',
    "",
  ].join("\n");
  const bytes = Buffer.alloc(20 * SECTOR);
  bytes.write(text, 0, "latin1");
  return bytes;
}

function grainOf(lba: number, grain: Buffer): Buffer {
  const data = deflateSync(grain);
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(lba), 0);
  head.writeUInt32LE(data.length, 8);
  return Buffer.concat([head, data]);
}

/** The type of the following sectors: 0 the end, 1 a grain table, 2 the grain directory, 3 the footer. */
function marker(sectors: number, type: number): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes.writeBigUInt64LE(BigInt(sectors), 0);
  bytes.writeUInt32LE(type, 12);
  return bytes;
}
