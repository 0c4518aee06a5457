import type { BuildArn } from "../../../events/ids.ts";

/** Somebody revoked what nobody can have. */
export class NothingToRevoke extends Error {
  override readonly name = "NothingToRevoke";

  constructor(build: BuildArn, why: string) {
    super(`${build} is not revoked: ${why}. Builds that are available can be revoked.`);
  }
}

/** Somebody restored the build while it was being revoked once more: it is as it was before. */
export class RestoredMeanwhile extends Error {
  override readonly name = "RestoredMeanwhile";

  /** @param failed what could not be given back, in words */
  constructor(build: BuildArn, failed: readonly string[]) {
    const shared = failed.length === 0 ? "is shared as before" : `is not wholly shared again (${failed.join("; ")})`;
    super(`${build} was restored while it was being revoked, and ${shared}; revoke it anew to withdraw it.`);
  }
}
