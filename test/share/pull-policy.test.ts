import { accountPrincipal, createAws, VirtualClock } from "embedded-aws";
import { seedOrganization } from "embedded-aws/seeds";
import { expect, test } from "vitest";
import type * as z from "zod";
import { pullPolicy } from "../../core/containers/pull-policy.ts";
import { shareSchema } from "../../core/factory/share-schema.ts";

const FACTORY = "111122223333";
const account = (id: string) => ({ id, name: `account-${id}` });
const organization = {
  id: "o-exampleorgid",
  rootId: "r-exam",
  management: account("999988887777"),
  accounts: [account("100000000001"), account(FACTORY)],
  units: [
    {
      id: "ou-exam-workload",
      name: "workloads",
      accounts: [account("200000000001")],
      units: [{ id: "ou-exam-produc11", name: "production", accounts: [account("300000000001")] }],
    },
    { id: "ou-exam-workload2", name: "others", accounts: [account("400000000001")] },
  ],
};
const STRANGER = "555566667777";

/** The accounts that a repository with a share's policy lets pull. */
async function whoPulls(share: z.input<typeof shareSchema>): Promise<string[]> {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1));
  const aws = createAws({ clock });
  seedOrganization(aws, organization);
  const call = (as: string, operation: string, input: object) =>
    aws.call("ecr", operation, input, { principal: accountPrincipal(as), region: "eu-west-1" });
  const repositoryName = "acme/node/stable";
  await call(FACTORY, "CreateRepository", { repositoryName });
  const place = { partition: "aws", account: FACTORY, organization: organization.id };
  const policyText = JSON.stringify(pullPolicy(shareSchema.parse(share), place));
  await call(FACTORY, "SetRepositoryPolicy", { repositoryName, policyText });
  const asked = ["100000000001", "200000000001", "300000000001", "400000000001", STRANGER];
  const imageIds = [{ imageTag: "1.0.0-1" }];
  const pulls = await Promise.all(
    asked.map(async (id) => {
      const pull = call(id, "BatchGetImage", { registryId: FACTORY, repositoryName, imageIds });
      return pull.then(
        () => true,
        () => false,
      );
    }),
  );
  const pushes = await Promise.all(
    asked.map((id) => call(id, "InitiateLayerUpload", { registryId: FACTORY, repositoryName }).catch(() => "refused")),
  );
  expect(pushes).toEqual(asked.map(() => "refused"));
  return asked.filter((_, n) => pulls[n]);
}

test("only the organization's accounts pull", async () => {
  expect(await whoPulls({ organization: true })).toEqual([
    "100000000001",
    "200000000001",
    "300000000001",
    "400000000001",
  ]);
});

test("an OU's accounts pull, and those of OUs below it, not those of one with a similar id", async () => {
  expect(await whoPulls({ organizationalUnits: ["ou-exam-workload"] })).toEqual(["200000000001", "300000000001"]);
});

test("accounts pull by themselves, in the organization or not", async () => {
  expect(await whoPulls({ accounts: [STRANGER, "100000000001"] })).toEqual(["100000000001", STRANGER]);
});

test("no role of the factory's own account may pull because a policy names every principal", () => {
  const place = { partition: "aws", account: FACTORY, organization: organization.id };

  const { Statement } = pullPolicy(
    shareSchema.parse({ organization: true, organizationalUnits: ["ou-exam-workload"] }),
    place,
  );

  for (const { Principal, Condition } of Statement) {
    expect(Principal).toBe("*");
    expect(Condition).toMatchObject({ StringNotEquals: { "aws:PrincipalAccount": FACTORY } });
  }
});
