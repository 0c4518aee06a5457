import { watchedBases } from "../../core/watch/watched-bases.ts";
import factory from "../../factory.config.ts";
import { place } from "../deployment.ts";
import { asyncFunction } from "../lambda-function.ts";

/** Public parameters belong to no account. */
const parameters = watchedBases(factory).map(
  ({ parameter }) => `arn:${place.partition}:ssm:${place.region}::parameter${parameter}`,
);

export const watchBase = asyncFunction("watch-base", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "Query"],
  putsEvents: true,
  grants: parameters.length > 0 ? [{ actions: ["ssm:GetParameter"], resources: [...new Set(parameters)] }] : [],
});
