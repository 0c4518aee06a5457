import { withoutCredentials } from "../../core/advisories/feeds-of.ts";

/** What can be wrong with a feed. */
type FeedFailureCode =
  /** No response: unknown host, connection refused or lost. */
  | "unreachable"
  /** A response with an error status. */
  | "http-status"
  /** Incomplete. */
  | "truncated"
  /** The bytes do not match the metadata's checksum. */
  | "checksum-mismatch"
  /** Unsigned, signed by another key, or changed after signing. */
  | "bad-signature"
  /** A configured key cannot be read. */
  | "unusable-key"
  /** Invalid format. */
  | "malformed"
  /** Over a size limit, compressed or decompressed. */
  | "too-large"
  /** Over the time limit. */
  | "too-slow"
  /** An unknown compression or checksum. */
  | "unknown-format"
  /** The repository lacks a part: updateinfo, or a component's `Packages`. */
  | "missing-metadata"
  /** Past its vendor's expiry date (`Valid-Until`). */
  | "expired"
  /** Older than the last one read. */
  | "older";

/** A feed could not be read or not be trusted. It never means "no updates". */
export class FeedFailure extends Error {
  override readonly name = "FeedFailure";
  readonly code: FeedFailureCode;
  /** The URL of the file with the error. */
  readonly file: string;
  /** For `http-status`. */
  readonly status: number | undefined;

  constructor(
    code: FeedFailureCode,
    file: string,
    found: string,
    { status, ...options }: ErrorOptions & { readonly status?: number } = {},
  ) {
    super(withoutCredentials(`${file}: ${found}`), options);
    this.status = status;
    this.code = code;
    this.file = withoutCredentials(file);
  }
}
