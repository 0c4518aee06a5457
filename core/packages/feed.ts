/** What both kinds of feed have. */
interface AnyFeed {
  /** The address of its metadata, by which people know it. */
  readonly url: string;
  /**
   * OpenPGP public keys, one of which must have signed the metadata: armored, or the base64 of key packets. None: the
   * metadata's signature is not looked at.
   */
  readonly keys: readonly string[];
}

/** An RPM repository with `repodata/repomd.xml`, and updateinfo in it. */
export interface RpmFeed extends AnyFeed {
  readonly kind: "rpm";
  /** `mirror-list`: `url` names a text whose first line is the repository's address; else `url` is that of repomd.xml. */
  readonly address: "mirror-list" | "repomd";
}

/** A suite of a Debian archive: `InRelease`, and `Packages` for each component. */
export interface DebianFeed extends AnyFeed {
  readonly kind: "debian";
  /** Such as `noble-security`; advisories' ids begin with it. */
  readonly suite: string;
  /** `main`, `universe`; `updates/main` where the archive has it so. */
  readonly components: readonly string[];
  /** As Debian spells it: `amd64`, `arm64`. */
  readonly architecture: string;
}

export type Feed = RpmFeed | DebianFeed;
