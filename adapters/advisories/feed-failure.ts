import { withoutCredentials } from "../../core/advisories/feeds-of.ts";

/** What can be wrong with a feed. */
type FeedFailureCode =
  /** No answer: no such host, nobody listens, the connection broke before an answer. */
  | "unreachable"
  /** An answer that is no success. */
  | "http-status"
  /** It ended before its end. */
  | "truncated"
  /** Other bytes than the metadata above them say. */
  | "checksum-mismatch"
  /** Not signed, not by a configured key, or not what was signed. */
  | "bad-signature"
  /** A configured key that cannot be read. */
  | "unusable-key"
  /** Not of its format. */
  | "malformed"
  /** More than a limit, as it came or unpacked. */
  | "too-large"
  /** Longer than a limit. */
  | "too-slow"
  /** A packing or a checksum that is not known here. */
  | "unknown-format"
  /** The repository has no such part: no updateinfo, no `Packages` of a component. */
  | "missing-metadata"
  /** Older than its vendor lets it become (`Valid-Until`). */
  | "expired"
  /** Older than what was read before. */
  | "older";

/** A feed could not be read, or not be believed. It never means that there are no updates. */
export class FeedFailure extends Error {
  override readonly name = "FeedFailure";
  readonly code: FeedFailureCode;
  /** The address of the file that is wrong. */
  readonly file: string;
  /** Of `http-status`. */
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
