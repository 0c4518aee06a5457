import { type AmiId, type ArtifactId, isContainerImageId } from "../events/ids.ts";

export const isAmiId = (id: ArtifactId): id is AmiId => !isContainerImageId(id);

/** @throws NotAnAmi where a build yields something else */
export function requireAmiId(id: ArtifactId): AmiId {
  if (!isAmiId(id)) throw new NotAnAmi(id);
  return id;
}

/** What is done to AMIs alone was asked of something else. */
class NotAnAmi extends Error {
  override readonly name = "NotAnAmi";

  constructor(id: string) {
    super(`${id} is no AMI; what was asked can be done to AMIs only.`);
  }
}
