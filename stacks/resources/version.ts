import { createHash } from "node:crypto";

/** Version numbers are below this. Image Builder accepts larger ones; these are easier to read. */
const NUMBERS = 1_000_000;

/**
 * The version of an immutable component or recipe: `1.<from the content's hash>.<random>`. It changes only if the content
 * changes. The random number, which is kept in the deployment's state, avoids a collision with a retained version if the
 * content changes back.
 * @param content all inputs of the resource except its tags
 */
export function versionOf(logical: string, content: object): $util.Output<string> {
  const hash = $util.output(content).apply((all) => createHash("sha256").update(JSON.stringify(all)).digest("hex"));
  const { result } = new random.RandomInteger(`${logical}Version`, {
    min: 0,
    max: NUMBERS - 1,
    keepers: { content: hash },
  });
  const first = hash.apply((text) => Number.parseInt(text.slice(0, 8), 16) % NUMBERS);
  return $interpolate`1.${first}.${result}`;
}

/**
 * A new version is created before the pipeline is updated, and the old one is retained, because a build in progress may need
 * it; `clean-up` deletes it once it is unused. By default the engine would delete first, because the name is fixed, and Image
 * Builder rejects that while the pipeline uses the version (ResourceDependencyException).
 */
export const keptVersions = { deleteBeforeReplace: false, retainOnDelete: true };
