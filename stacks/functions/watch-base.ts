import { isParameter, watchedBases } from "../../core/watch/watched-bases.ts";
import factory from "../../factory.config.ts";
import { place } from "../deployment.ts";
import { asyncFunction } from "../lambda-function.ts";

/** Public parameters belong to no account. Registries are asked over the internet: it is in no VPC. */
const parameters = watchedBases(factory).flatMap(({ name }) =>
  isParameter(name) ? [`arn:${place.partition}:ssm:${place.region}::parameter${name}`] : [],
);

export const watchBase = asyncFunction("watch-base", {
  timeoutSeconds: 60,
  ledger: ["BatchGetItem", "Query"],
  putsEvents: true,
  grants: parameters.length > 0 ? [{ actions: ["ssm:GetParameter"], resources: [...new Set(parameters)] }] : [],
});
