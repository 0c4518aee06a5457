import { EC2 } from "@aws-sdk/client-ec2";
import { createAws } from "../../src/create-aws.ts";
import { allowEverything } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { type OrganizationSeed, seedOrganization } from "../../src/services/organizations/seed-organization.ts";
import type { TypedCall } from "../typed-call.ts";
import { type Connect, credentials } from "../wire/transports.ts";

export const FACTORY = "111122223333";
export const MANAGEMENT = "999988887777";
/** In the OU Workloads/Production. */
export const PRODUCTION = "222233334444";
/** In the OU Sandbox. */
export const SANDBOX = "333344445555";
/** Directly under the root. */
export const ROOTED = "444455556666";
/** An account outside the organization. */
export const STRANGER = "555566667777";
export const REGION = "eu-west-1";
export const OTHER_REGION = "us-east-1";

const unit = (id: string) => `arn:aws:organizations::${MANAGEMENT}:ou/o-exampleorg1/${id}`;
export const ORGANIZATION = `arn:aws:organizations::${MANAGEMENT}:organization/o-exampleorg1`;
export const WORKLOADS_UNIT = unit("ou-abcd-workload");
export const PRODUCTION_UNIT = unit("ou-abcd-producti");
export const SANDBOX_UNIT = unit("ou-abcd-sandbox1");

/** Another customer's; its id starts with the first one's. */
export const RIVAL = "arn:aws:organizations::777788889999:organization/o-exampleorg12";

/** Management, factory and nested OUs. */
export const SEED: OrganizationSeed = {
  id: "o-exampleorg1",
  rootId: "r-abcd",
  management: { id: MANAGEMENT, name: "management" },
  units: [
    {
      name: "Workloads",
      id: "ou-abcd-workload",
      accounts: [{ id: FACTORY, name: "factory" }],
      units: [{ name: "Production", id: "ou-abcd-producti", accounts: [{ id: PRODUCTION, name: "production" }] }],
    },
    { name: "Sandbox", id: "ou-abcd-sandbox1", accounts: [{ id: SANDBOX, name: "sandbox" }] },
  ],
};

/** An AWS with that organization, an account under its root, and another organization. IAM allows everything, so only services refuse requests. */
export function anAws() {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock, authorizer: allowEverything });
  seedOrganization(aws, { ...SEED, accounts: [{ id: ROOTED, name: "rooted" }] });
  seedOrganization(aws, { id: "o-exampleorg12", rootId: "r-riva", management: { id: "777788889999", name: "rival" } });
  /** One call of a service, by an account, in a region. */
  const by =
    <Service extends string>(service: Service, account = FACTORY, region = REGION): TypedCall<Service> =>
    (operation: string, input: object = {}) =>
      aws.call<never>(service, operation, input, { principal: accountPrincipal(account), region });
  return { aws, clock, by };
}

/** An image of an account's, with one disk that is not encrypted. @returns its id */
export const anImage = (
  aws: ReturnType<typeof anAws>["aws"],
  name: string,
  more: Partial<Parameters<typeof registerImage>[3]> = {},
  account = FACTORY,
): string =>
  registerImage(aws, account, REGION, { name, architecture: "x86_64", blockDeviceMappings: [DISK], ...more });

const DISK = { deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8 };

/** Clients of EC2 by account and region, in the ways of `TRANSPORTS`. */
export async function ec2Clients(connect: Connect, aws: EmbeddedAws) {
  const options = await connect(aws);
  return (account = FACTORY, region = REGION) =>
    new EC2({ ...options, region, credentials: credentials(account), maxAttempts: 1 });
}
