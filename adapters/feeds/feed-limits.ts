/** How much of a feed is read, and how long. What is more is a failure with its limit in the message. */
export interface FeedLimits {
  /** Bytes of a file that others are listed in: mirror list, repomd.xml, InRelease, a signature. */
  readonly index: number;
  /** Bytes of a listed file, as it comes. */
  readonly packed: number;
  /** Bytes of a listed file, unpacked. */
  readonly unpacked: number;
  /** Bytes of one paragraph of `Packages`, and of the XML between one tag and the next. */
  readonly entry: number;
  /** Milliseconds for the whole feed. */
  readonly time: number;
}

const MiB = 2 ** 20;

/** Debian stable's main is 50 MB unpacked, Amazon Linux 2023's updateinfo below that: ten times as much passes. */
export const feedLimits: FeedLimits = {
  index: 8 * MiB,
  packed: 64 * MiB,
  unpacked: 1024 * MiB,
  entry: 4 * MiB,
  time: 120_000,
};
