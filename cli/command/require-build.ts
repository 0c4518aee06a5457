import type { BuildRecord } from "../../adapters/build/builds.ts";
import type { ImageState } from "../../adapters/build/image-state.ts";
import { findAsked } from "../build/find-asked.ts";

/**
 * The build on the command line.
 * @throws NotABuild; NotKnown, SeveralKnown as `findAsked`
 */
export function requireBuild(
  what: readonly string[],
  states: ReadonlyMap<string, Pick<ImageState, "builds">>,
): BuildRecord {
  const text = what.join(" ");
  const { build } = findAsked(text, states);
  if (!build) throw new NotABuild(text);
  return build;
}

class NotABuild extends Error {
  override readonly name = "NotABuild";

  constructor(text: string) {
    super(`"${text}" is an image. Name one of its builds, such as "${text} 1.0.0/3" (\`amint channels ${text}\`).`);
  }
}
