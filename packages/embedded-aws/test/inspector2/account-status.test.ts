import { expect, test } from "vitest";
import { anAws, FACTORY } from "../ec2/an-aws.ts";

test("Inspector scans what was enabled, until it is disabled", async () => {
  const inspector = anAws().by("inspector2");

  const before = await inspector("BatchGetAccountStatus");
  await inspector("Enable", { resourceTypes: ["EC2"] });
  const enabled = await inspector("BatchGetAccountStatus");
  await inspector("Disable");
  const after = await inspector("BatchGetAccountStatus");

  expect(before).toMatchObject({ accounts: [{ accountId: FACTORY, state: { status: "DISABLED" } }] });
  expect(enabled).toMatchObject({
    accounts: [
      { state: { status: "ENABLED" }, resourceState: { ec2: { status: "ENABLED" }, ecr: { status: "DISABLED" } } },
    ],
  });
  expect(after).toEqual(before);
});

test("Inspector of another account is out of reach", async () => {
  const inspector = anAws().by("inspector2");

  const answer = await inspector("Enable", { resourceTypes: ["EC2"], accountIds: ["999988887777"] });

  expect(answer).toMatchObject({
    accounts: [],
    failedAccounts: [{ accountId: "999988887777", errorCode: "ACCESS_DENIED" }],
  });
});

test("Enabling nothing, or something unknown, is refused", async () => {
  const inspector = anAws().by("inspector2");

  await expect(inspector("Enable", {})).rejects.toMatchObject({ code: "ValidationException" });
  await expect(inspector("Enable", { resourceTypes: ["AMI"] })).rejects.toThrow(/enum value set/);
});
