import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAws, VirtualClock } from "embedded-aws";
import { type OrganizationSeed, readOrganization } from "embedded-aws/seeds";
import { recordAws, recordsOf } from "embedded-aws/state";
import { expect, onTestFinished, test } from "vitest";
import { start } from "../world/running-factory.ts";

const organization: OrganizationSeed = {
  id: "o-snapshotted",
  rootId: "r-snap",
  featureSet: "ALL",
  management: { id: "012345678901", name: "management" },
  accounts: [{ id: "111122223333", name: "image-factory" }],
  units: [
    {
      name: "Workloads: all",
      id: "ou-snap-workload",
      accounts: [{ id: "222200000001", name: "shop", tags: { images: "golden", "cost-center": "42" } }],
      units: [
        {
          name: "Closed",
          id: "ou-snap-closed01",
          accounts: [{ id: "222200000002", name: "old-shop", status: "SUSPENDED" }],
          units: [],
        },
      ],
    },
  ],
};

test("an organization is written to a file from which the same organization is read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "amint-snapshot-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const served = await startAws({ clock: new VirtualClock(0), organization, publicImages: [], port: 0 });
  onTestFinished(() => served.close());
  recordAws(served.aws);
  const file = join(folder, "organization.yaml");
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: served.url,
    AWS_ACCESS_KEY_ID: "012345678901",
    AWS_SECRET_ACCESS_KEY: "any",
  };

  const { code, stdout, stderr } = await start(
    process.execPath,
    ["cli/command/amint.mjs", "org", "snapshot", file],
    env,
  ).ended;

  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${file}: 4 accounts\n`, stderr: "" });
  expect(await readOrganization(file)).toEqual(organization);
  const operations = recordsOf(served.aws)
    .calls.after(0)
    .map(({ operation }) => operation);
  expect(operations).toContain("ListAccountsForParent");
  expect(operations.filter((operation) => !/^(Describe|List)/.test(operation))).toEqual([]);
});
