import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { announceImage } from "./image-events.ts";
import { type Repository, tagsOf } from "./state.ts";

/** Removes an image with all tags that point at it; answers them. */
export function removeImage(aws: EmbeddedAws, repository: Repository, digest: string): string[] {
  const tags = tagsOf(repository, digest);
  for (const tag of tags) repository.tags.delete(tag);
  repository.images.delete(digest);
  for (const tag of tags.length > 0 ? tags : [undefined]) announceImage(aws, repository, "DELETE", digest, tag);
  return tags;
}

/** The manifest lists that hold an image: it stays as long as they do. */
export const listsOf = (repository: Repository, digest: string): string[] =>
  [...repository.images.values()].filter(({ listed }) => listed.includes(digest)).map((list) => list.digest);
