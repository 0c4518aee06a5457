import type { Place } from "../../core/names.ts";
import factory from "../../factory.config.ts";

/** Where the blueprint stands: an account number from AWS's own examples, in the factory's build region. */
export const evaluatedPlace: Place = { partition: "aws", region: factory.buildRegion, account: "111122223333" };
