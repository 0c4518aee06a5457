import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { associationKey, sharesIn } from "./state.ts";

/** A resource that was deleted is in no share any more, also when one of the same name comes after it. */
export function forgetResource(aws: EmbeddedAws, region: string, arn: string): void {
  for (const { associations } of sharesIn(aws, region)) {
    associations.delete(associationKey({ kind: "RESOURCE", entity: arn }));
  }
}
