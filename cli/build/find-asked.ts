import type { BuildRecord } from "../../adapters/build/builds.ts";
import type { ImageState } from "../../adapters/build/image-state.ts";
import { buildVersion } from "../../core/build/build-arn.ts";

/** An image, or one of its builds. */
export interface Asked {
  readonly image: string;
  readonly build?: BuildRecord;
}

const MOST_NAMED = 10;

/**
 * The image or build that `al2023-base`, `al2023-base 1.0.0/3`, `1.0.0/3` or a build's ARN names.
 * @throws NotKnown listing images and builds; SeveralKnown
 */
export function findAsked(text: string, states: ReadonlyMap<string, Pick<ImageState, "builds">>): Asked {
  if (states.has(text)) return { image: text };
  const [, name, version] = /^(?:(\S+?)[ /])?(\d+\.\d+\.\d+\/\d+)$/.exec(text) ?? [];
  const builds = [...states.values()].flatMap((state) => state.builds);
  const found = builds.filter(
    ({ image, build }) => build === text || (buildVersion(build) === version && (!name || name === image)),
  );
  const [first, second] = found;
  if (!first) throw new NotKnown(text, [...states.keys()], builds);
  if (second) throw new SeveralKnown(text, found);
  return { image: first.image, build: first };
}

const say = ({ image, build }: BuildRecord): string => `${image} ${buildVersion(build)}`;

/** Neither an image nor a build of the factory. */
class NotKnown extends Error {
  override readonly name = "NotKnown";

  constructor(text: string, images: readonly string[], builds: readonly BuildRecord[]) {
    const newest = builds.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)).slice(0, MOST_NAMED);
    const known = newest.length > 0 ? newest.map(say).join(", ") : "none yet";
    const more = builds.length > newest.length ? `, and ${builds.length - newest.length} older` : "";
    super(
      `"${text}" is neither an image nor a build of the factory. Its images: ${images.join(", ")}. Its builds: ${known}${more}.`,
    );
  }
}

/** Several images have a build with that version. */
class SeveralKnown extends Error {
  override readonly name = "SeveralKnown";

  constructor(text: string, found: readonly BuildRecord[]) {
    super(`${text} can be ${found.map(say).join(" or ")}. Add the image.`);
  }
}
