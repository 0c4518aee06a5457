import { consumerRoleArn, rolloutRoleArn } from "../../core/names.ts";
import { rolledOutChannels } from "../../core/rollout/rolled-out.ts";
import { pulledRepositories } from "../containers/container-grants.ts";
import { factory } from "../program/given.ts";
import { logicalName, place, resourceName, tags } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";
import { consumerTemplate } from "./consumer-template.ts";

/** `functions/<name>.ts` that act in consumer accounts; no other principal of the factory's account may. */
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

/** `functions/<name>.ts` that act in consumers' accounts for roll-outs. */
const ROLLOUT_ACTORS = ["roll-out", "watch-exposure"];

const takes = (role: string): Grant => ({
  actions: ["sts:AssumeRole"],
  resources: [role],
  conditions: [{ test: "StringEquals", variable: "aws:ResourceOrgID", values: [factory.organization.id] }],
});

/** What a function that acts as a consumer needs; the role's trust names it by `ACTORS`. */
export const actAsConsumer = takes(consumerRoleArn(place.partition, "*", factory.name));

/** What a function that acts in roll-outs needs; the trust of the roll-outs' role names it by `ROLLOUT_ACTORS`. */
export const actInRollouts = takes(rolloutRoleArn(place.partition, "*", factory.name));

const { consumers, organization } = factory;

/** What CloudFormation takes as a template's text (user guide, "CloudFormation quotas"). */
const MOST_BYTES = 51_200;

if (consumers) {
  const units = consumers.organizationalUnits ?? (organization.rootId ? [organization.rootId] : []);
  const name = resourceName("consumer");
  const rolledOut = rolledOutChannels(factory);
  const roleArns = (names: readonly string[]) =>
    names.map((one) => `arn:${place.partition}:iam::${place.account}:role/${resourceName(one)}`);
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
        checkedTemplate(
          consumerTemplate({
            partition: place.partition,
            account: place.account,
            factory: factory.name,
            organization: organization.id,
            consumers,
            actors: roleArns(ACTORS),
            keys,
            repositories: pulledRepositories,
            tags,
            rollout: rolledOut.length > 0 ? { actors: roleArns(ROLLOUT_ACTORS), home: place.region } : undefined,
          }),
        ),
      ),
      tags,
    },
    // The provider fills it in, which AWS refuses for sets that it manages itself.
    { ignoreChanges: ["administrationRoleArn"] },
  );
  const instances = (region: string, after: readonly aws.cloudformation.StackSetInstance[]) =>
    new aws.cloudformation.StackSetInstance(
      `Consumer${logicalName(region)}`,
      {
        stackSetName: set.name,
        callAs: "DELEGATED_ADMIN",
        stackSetInstanceRegion: region,
        deploymentTargets: { organizationalUnitIds: units },
        // An account whose own rules refuse the role must not keep the others from theirs; `amint validate` names it.
        operationPreferences: { failureTolerancePercentage: 100, maxConcurrentPercentage: 100 },
        retainStack: false,
      },
      after.length > 0 ? { dependsOn: [...after] } : {},
    );
  // IAM is global: one region has the roles for all. The others forward their groups' events.
  let before = instances(place.region, []);
  const others = new Set(rolledOut.flatMap(({ regions }) => regions.filter((region) => region !== place.region)));
  // One after the other: a StackSet carries out one operation at a time.
  for (const region of [...others].toSorted()) before = instances(region, [before]);
}

/** @throws Error where the template's text is too long */
function checkedTemplate(template: object): string {
  const text = JSON.stringify(template);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MOST_BYTES) return text;
  throw new Error(
    `The template of consumers' roles has ${bytes} bytes; CloudFormation takes ${MOST_BYTES}. Name fewer accounts in consumers.verify or consumers.rollout.templateVersions.`,
  );
}
