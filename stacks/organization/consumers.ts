import { consumerRoleArn, rolloutRoleArn } from "../../core/names.ts";
import { rolledOutChannels } from "../../core/rollout/opening.ts";
import { pulledRepositories } from "../containers/container-grants.ts";
import { factory } from "../program/factory.ts";
import { logicalName, place, resourceName, tags } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";
import { consumerTemplate } from "./consumer-template.ts";

/** Functions that can act in consumer accounts; no other principal of the factory's account can. */
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

/** Functions that can act in consumer accounts for roll-outs. */
const ROLLOUT_ACTORS = ["roll-out", "watch-exposure"];

const takes = (role: string): Grant => ({
  actions: ["sts:AssumeRole"],
  resources: [role],
  conditions: [{ test: "StringEquals", variable: "aws:ResourceOrgID", values: [factory.organization.id] }],
});

/** Lets a function act as a consumer; the role's trust policy lists `ACTORS`. */
export const actAsConsumer = takes(consumerRoleArn(place.partition, "*", factory.name));

/** Lets a function act in roll-outs; the trust policy of the roll-outs' role lists `ROLLOUT_ACTORS`. */
export const actInRollouts = takes(rolloutRoleArn(place.partition, "*", factory.name));

const { consumers, organization } = factory;

/** CloudFormation's limit for a template in the request (user guide, "CloudFormation quotas"). */
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
      // Automatic deployments can start during others.
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
    // The provider sets it, which AWS rejects for service-managed stack sets.
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
        // An account whose SCPs deny the role must not block the other accounts; `amint validate` names it.
        operationPreferences: { failureTolerancePercentage: 100, maxConcurrentPercentage: 100 },
        retainStack: false,
      },
      after.length > 0 ? { dependsOn: [...after] } : {},
    );
  // IAM is global: one region's stacks create the roles. The other regions' stacks forward their groups' events.
  let before = instances(place.region, []);
  const others = new Set(rolledOut.flatMap(({ regions }) => regions.filter((region) => region !== place.region)));
  // Sequential: a stack set runs one operation at a time.
  for (const region of [...others].toSorted()) before = instances(region, [before]);
}

/** @throws Error if the template is too long */
function checkedTemplate(template: object): string {
  const text = JSON.stringify(template);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MOST_BYTES) return text;
  throw new Error(
    `The template of consumers' roles has ${bytes} bytes; CloudFormation's limit is ${MOST_BYTES}. Name fewer accounts in consumers.verify or consumers.rollout.templateVersions.`,
  );
}
