/** S3 copies up to 5 GiB at once (S3 API reference, UploadPartCopy), and 1 TiB is the largest disk: 1,024 parts. */
export const PART_BYTES = 2 ** 30;

interface CopiedPart {
  /** From 1. */
  readonly number: number;
  /** As UploadPartCopy wants it: `bytes=0-1073741823`. */
  readonly range: string;
}

/** The parts in which a file is copied, each but the last of the same length, so that anybody can compute the checksum. */
export const planParts = (size: number, partBytes = PART_BYTES): CopiedPart[] =>
  Array.from({ length: Math.ceil(size / partBytes) }, (_, at) => ({
    number: at + 1,
    range: `bytes=${at * partBytes}-${Math.min((at + 1) * partBytes, size) - 1}`,
  }));
