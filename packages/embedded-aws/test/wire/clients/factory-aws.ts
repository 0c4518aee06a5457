import { createAws } from "../../../src/create-aws.ts";
import { allowEverything } from "../../../src/engine/authorizer.ts";
import { VirtualClock } from "../../../src/engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../../src/engine/embedded-aws.ts";
import { seedOrganizationsAccess } from "../../../src/services/cloudformation/stack-sets/organizations-access.ts";
import { seedPublicImages } from "../../../src/services/ec2/release-public-image.ts";
import { simulateInstances } from "../../../src/services/imagebuilder/simulation.ts";
import { createFunction } from "../../../src/services/lambda/create-function.ts";
import { seedOrganization } from "../../../src/services/organizations/seed-organization.ts";
import { rbinState } from "../../../src/services/rbin/state.ts";
import { FACTORY, START } from "../whole-aws.ts";

const REGION = "eu-west-1";
const MINUTE = 60_000;

/**
 * An AWS with resources that no call can create: an organization that the factory's account manages, public images, a
 * function, and instances with packages and findings. IAM allows everything.
 */
export function factoryAws() {
  const clock = new VirtualClock(START);
  const aws = createAws({ clock, authorizer: allowEverything });
  const organization = seedOrganization(aws, {
    id: "o-exampleorg1",
    rootId: "r-exam",
    management: { id: FACTORY, name: "factory" },
    units: [
      { name: "workloads", id: "ou-exam-workload1", accounts: [{ id: "222233334444", name: "shop" }] },
      { name: "suspended", id: "ou-exam-suspended", accounts: [] },
    ],
  });
  // Clients from 2022 cannot request it.
  seedOrganizationsAccess(aws, organization);
  seedPublicImages(aws, [REGION]);
  simulateInstances(aws, FACTORY, REGION, {
    packages: () => [{ name: "openssl", version: "3.2.2" }],
    findings: () => [
      { severity: "HIGH", title: "CVE-1", packageVulnerabilityDetails: { vulnerabilityId: "CVE-2026-1" } },
    ],
  });
  createFunction(aws, FACTORY, REGION, {
    name: "count",
    handler: "echo.counting",
    root: `${import.meta.dirname}/../../lambda/fixtures`,
    role: `arn:aws:iam::${FACTORY}:role/function`,
  });
  retainEverything(aws);
  return { aws, pass: (minutes: number) => clock.runUntil(clock.now() + minutes * MINUTE) };
}

/** Not every client supports Recycle Bin, but every client supports EC2's recycle bin operations. */
function retainEverything(aws: EmbeddedAws): void {
  const rbin = aws.state(rbinState, FACTORY, REGION);
  rbin.started = true;
  for (const resourceType of ["EC2_IMAGE", "EBS_SNAPSHOT"] as const) {
    const id = resourceType === "EC2_IMAGE" ? "aaaaaaaaaaa" : "bbbbbbbbbbb";
    rbin.rules.set(id, {
      id,
      arn: `arn:aws:rbin:${REGION}:${FACTORY}:rule/${id}`,
      resourceType,
      retentionDays: 7,
      description: undefined,
      resourceTags: [],
      excludeTags: [],
      tags: new Map(),
      activeAt: START,
      lock: undefined,
    });
  }
}
