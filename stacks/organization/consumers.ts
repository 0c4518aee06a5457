import { consumerRoleArn } from "../../core/names.ts";
import { pulledRepositories } from "../containers/container-grants.ts";
import { factory } from "../program/given.ts";
import { logicalName, place, resourceName, tags } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";
import { consumerTemplate } from "./consumer-template.ts";

/** `functions/<name>.ts` that act in consumers' accounts; nobody else of the factory's account may. */
const ACTORS = [
  "verify-share",
  "start-canary",
  "check-canary",
  "end-canary",
  "verify-parameter",
  "mirror-channel",
  "keep-grants",
  "clean-up",
];

/** What a function that acts as a consumer needs; the role's trust names it by `ACTORS`. */
export const actAsConsumer: Grant = {
  actions: ["sts:AssumeRole"],
  resources: [consumerRoleArn(place.partition, "*", factory.name)],
  conditions: [{ test: "StringEquals", variable: "aws:ResourceOrgID", values: [factory.organization.id] }],
};

const { consumers, organization } = factory;

if (consumers) {
  const units = consumers.organizationalUnits ?? (organization.rootId ? [organization.rootId] : []);
  const name = resourceName("consumer");
  const set = new aws.cloudformation.StackSet(
    "Consumer",
    {
      name,
      description: `The role by which the image factory ${factory.name} acts in consumers' accounts`,
      permissionModel: "SERVICE_MANAGED",
      callAs: "DELEGATED_ADMIN",
      capabilities: ["CAPABILITY_NAMED_IAM"],
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
      // Automatic deployments come while others are under way.
      managedExecution: { active: true },
      templateBody: $util.all(factory.regions.map((region) => keyArn(region))).apply((keys) =>
        JSON.stringify(
          consumerTemplate({
            partition: place.partition,
            account: place.account,
            factory: factory.name,
            organization: organization.id,
            consumers,
            actors: ACTORS.map((actor) => `arn:${place.partition}:iam::${place.account}:role/${resourceName(actor)}`),
            keys,
            repositories: pulledRepositories,
            tags,
          }),
        ),
      ),
      tags,
    },
    // The provider fills it in, which AWS refuses for sets that it manages itself.
    { ignoreChanges: ["administrationRoleArn"] },
  );
  // IAM is global: one region has the role for all.
  new aws.cloudformation.StackSetInstance(`Consumer${logicalName(place.region)}`, {
    stackSetName: set.name,
    callAs: "DELEGATED_ADMIN",
    stackSetInstanceRegion: place.region,
    deploymentTargets: { organizationalUnitIds: units },
    // An account whose own rules refuse the role must not keep the others from theirs; `amint validate` names it.
    operationPreferences: { failureTolerancePercentage: 100, maxConcurrentPercentage: 100 },
    retainStack: false,
  });
}
