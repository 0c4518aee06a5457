/** Some repairs failed. The others were done. */
class RepairsFailed extends AggregateError {
  override readonly name = "RepairsFailed";
}

/**
 * Carries out repairs one after the other; where one fails, the others' turn comes all the same.
 * @param repairs by what they are called in the failure; each returns how much it repaired
 * @returns how much was repaired in all
 * @throws RepairsFailed at the end, naming each that failed and why
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
/** Some images could not be looked at. The others were. */
class ImagesFailed extends AggregateError {
  override readonly name = "ImagesFailed";
}

/**
 * Does the same for each image, one after the other; where it fails for one, the others' turn comes all the same.
 * @returns the images for which it was done and answered `true`
 * @throws ImagesFailed at the end, naming each image that failed and why
 */
export async function forEachImage<Watched extends { readonly image: string }>(
  watched: readonly Watched[],
  look: (one: Watched) => Promise<boolean>,
): Promise<string[]> {
  const done: string[] = [];
  const failed: { image: string; cause: unknown }[] = [];
  for (const one of watched) {
    try {
      if (await look(one)) done.push(one.image);
    } catch (cause) {
      failed.push({ image: one.image, cause });
    }
  }
  if (failed.length === 0) return done;
  const reasons = failed.map(({ image, cause }) => `${image}: ${cause instanceof Error ? cause.message : cause}`);
  throw new ImagesFailed(
    failed.map(({ cause }) => cause),
    `${failed.length} of ${watched.length} image(s) could not be looked at: ${reasons.join("; ")}`,
  );
}
