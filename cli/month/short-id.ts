import { parseImageUri } from "../../core/image-uri.ts";

/** As much of a digest as tells images apart; an AMI's id as it is. */
export function shortId(id: string): string {
  const uri = parseImageUri(id);
  return uri && "imageDigest" in uri.by
    ? `${uri.repository}@${uri.by.imageDigest.slice(0, "sha256:".length + 12)}`
    : id;
}
