/** Some repairs failed; the others were done. */
class RepairsFailed extends AggregateError {
  override readonly name = "RepairsFailed";
}

/**
 * Runs repairs one at a time; a failure does not stop the others.
 * @param repairs by the name in the error message; each returns how much it repaired
 * @returns the total
 * @throws RepairsFailed at the end, with each failure
 */
export async function inTurn(repairs: Readonly<Record<string, () => Promise<number>>>): Promise<number> {
  let repaired = 0;
  const failed: { what: string; cause: unknown }[] = [];
  for (const [what, repair] of Object.entries(repairs)) {
    try {
      repaired += await repair();
    } catch (cause) {
      failed.push({ what, cause });
    }
  }
  if (failed.length === 0) return repaired;
  const reasons = failed.map(({ what, cause }) => `${what}: ${cause instanceof Error ? cause.message : cause}`);
  throw new RepairsFailed(
    failed.map(({ cause }) => cause),
    `${failed.length} of ${Object.keys(repairs).length} repairs failed: ${reasons.join("; ")}`,
  );
}
/** Some images failed; the others were done. */
class ImagesFailed extends AggregateError {
  override readonly name = "ImagesFailed";
}

/**
 * Runs `check` for each image, one at a time; a failure does not stop the others.
 * @returns the images for which it returned `true`
 * @throws ImagesFailed at the end, with each failure
 */
export async function forEachImage<Watched extends { readonly image: string }>(
  watched: readonly Watched[],
  check: (one: Watched) => Promise<boolean>,
): Promise<string[]> {
  const done: string[] = [];
  const failed: { image: string; cause: unknown }[] = [];
  for (const one of watched) {
    try {
      if (await check(one)) done.push(one.image);
    } catch (cause) {
      failed.push({ image: one.image, cause });
    }
  }
  if (failed.length === 0) return done;
  const reasons = failed.map(({ image, cause }) => `${image}: ${cause instanceof Error ? cause.message : cause}`);
  throw new ImagesFailed(
    failed.map(({ cause }) => cause),
    `${failed.length} of ${watched.length} image(s) failed: ${reasons.join("; ")}`,
  );
}
