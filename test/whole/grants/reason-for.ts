import { matchesPattern } from "embedded-aws/iam";
import { type ExpectedUnused, expectedUnused } from "../../../cli/monitoring/expected-unused.ts";
import factory from "../../../factory.config.ts";
import type { Grant } from "./grant.ts";
import { type Unnoticed, unnoticed } from "./unnoticed.ts";

export const isAbout = ({ holder, statement, resources, actions }: Unnoticed, grant: Grant): boolean =>
  grant.kind === (statement === undefined ? "own policy" : "resource policy") &&
  matchesPattern(holder, grant.holder.name) &&
  (statement === undefined || statement === grant.statement) &&
  (!resources || grant.resources.every((one) => resources.some((pattern) => matchesPattern(pattern, one)))) &&
  actions.includes(grant.action);

/** Why a grant's removal is not noticed; undefined if it must be. */
export const reasonFor = (grant: Grant): Pick<Unnoticed, "reason"> | undefined =>
  unnoticed.find((one) => isAbout(one, grant)) ?? expectation(grant, ({ never }) => never === true);

/** `amint iam unused`'s reason for a role's grant, if it covers all its resources. */
function expectation(
  { kind, holder, action, resources }: Grant,
  which: (one: ExpectedUnused) => boolean,
): ExpectedUnused | undefined {
  if (kind !== "own policy" && kind !== "managed policy") return undefined;
  const found = (resources.length ? resources : ["*"]).map((resource) =>
    expectedUnused.find(
      (one) =>
        which(one) &&
        matchesPattern(`amint-${factory.name}-${one.role}`, String(holder.inputs.name)) &&
        matchesPattern(one.action, action) &&
        matchesPattern(one.resource ?? "*", resource),
    ),
  );
  return found.every((one) => one !== undefined) ? found[0] : undefined;
}
