import { createHash } from "node:crypto";

/** The numbers of a version that Image Builder takes go further; these are short enough to read. */
const NUMBERS = 1_000_000;

/**
 * A version of what Image Builder never changes, a component or a recipe: `1.<from the content>.<drawn>`. It is another one
 * when anything of the content is, and stays the same otherwise. The drawn number, which the deployment's state keeps, makes
 * that a content which comes back does not meet its former version, which was retained.
 * @param content all inputs of the resource but its tags
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
 * A new version comes before the pipeline that takes it, and the former one stays: a build under way may need it. `clean-up`
 * deletes it when nothing does. Without the option the engine would delete first, because the name is given, and Image
 * Builder would refuse that while the pipeline has the version (ResourceDependencyException).
 */
export const keptVersions = { deleteBeforeReplace: false, retainOnDelete: true };
