import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { createEmbeddedAws } from "../../../local/create-embedded-aws.ts";
import type { EmbeddedAws } from "../../../local/embedded-aws.ts";
import { allServices } from "../../../local/services/all.ts";
import { seedOrganization } from "../../../local/services/organizations/seed-organization.ts";

export const MANAGEMENT = "999988887777";
export const FACTORY = "111122223333";
export const START = Date.UTC(2026, 3, 1, 8);

/** Every service there is, in an organization of two accounts, where nobody is denied anything. */
export function wholeAws(): EmbeddedAws {
  const aws = createEmbeddedAws({
    clock: new VirtualClock(START),
    services: allServices,
    authorizer: { authorize() {} },
  });
  seedOrganization(aws, {
    id: "o-exampleorg1",
    rootId: "r-exam",
    management: { id: MANAGEMENT, name: "management" },
    units: [{ name: "workloads", id: "ou-exam-workload1", accounts: [{ id: FACTORY, name: "factory" }] }],
  });
  return aws;
}
