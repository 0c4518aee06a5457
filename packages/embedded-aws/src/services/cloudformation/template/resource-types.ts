import { formatError } from "../refusals.ts";
import type { Template } from "./template.ts";

/** @throws AwsError ValidationError for what is no type of anybody's */
export function requireKnownTypes({ Resources }: Template): void {
  const unknown = Object.values(Resources)
    .map(({ Type }) => String(Type))
    .filter((type) => !/^(?:[A-Za-z0-9]{2,64}::){2}[A-Za-z0-9]{2,64}(?:::MODULE)?$/.test(type));
  if (unknown.length > 0) throw formatError(`Unrecognized resource types: [${unknown.join(", ")}]`);
}
