import { expect, test } from "vitest";
import { seedOrganization } from "../../src/services/organizations/seed-organization.ts";
import { ask, FACTORY, policy, withRole } from "./authorize-as.ts";

const CONSUMER = "222233334444";
const STRANGER = "600000000009";

test("aws:ResourceOrgID is the organization of the account that owns what is asked for, if it is in one", async () => {
  const aws = await withRole({
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Resource: "*",
    Condition: { StringEquals: { "aws:ResourceOrgID": "o-exampleorgid" } },
  });
  seedOrganization(aws, {
    id: "o-exampleorgid",
    management: { id: "999988887777", name: "management" },
    accounts: [
      { id: FACTORY, name: "factory" },
      { id: CONSUMER, name: "shop" },
    ],
  });
  const assuming = (owner: string) =>
    ask(aws, {
      action: "sts:AssumeRole",
      resources: [`arn:aws:iam::${owner}:role/consumer`],
      resourcePolicy: policy({
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${FACTORY}:root` },
        Action: "sts:AssumeRole",
      }),
      owner,
    });

  const member = assuming(CONSUMER);
  const stranger = assuming(STRANGER);

  expect(member).toBe("granted");
  expect(stranger).toContain("is not authorized to perform: sts:AssumeRole");
});
