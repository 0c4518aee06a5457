import { createAws } from "../../src/create-aws.ts";
import { allowEverything } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { seedOrganization } from "../../src/services/organizations/seed-organization.ts";

export const MANAGEMENT = "999988887777";
export const FACTORY = "111122223333";
export const START = Date.UTC(2026, 3, 1, 8);

/** Every service, in an organization of two accounts; IAM allows everything. */
export function wholeAws(): EmbeddedAws {
  const aws = createAws({ clock: new VirtualClock(START), authorizer: allowEverything });
  seedOrganization(aws, {
    id: "o-exampleorg1",
    rootId: "r-exam",
    management: { id: MANAGEMENT, name: "management" },
    units: [{ name: "workloads", id: "ou-exam-workload1", accounts: [{ id: FACTORY, name: "factory" }] }],
  });
  return aws;
}
