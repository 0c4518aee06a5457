import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { allowEverything } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { service } from "../../src/services/inspector2/service.ts";

const ACCOUNT = "111122223333";

function anInspector() {
  const aws = createAws({
    clock: new VirtualClock(Date.UTC(2026, 3, 1)),
    services: { inspector2: async () => service },
    authorizer: allowEverything,
  });
  return (operation: string, input: object = {}) =>
    aws.call("inspector2", operation, input, { principal: accountPrincipal(ACCOUNT), region: "eu-west-1" });
}

test("Inspector scans what was enabled, until it is disabled", async () => {
  const inspector = anInspector();

  const before = await inspector("BatchGetAccountStatus");
  await inspector("Enable", { resourceTypes: ["EC2"] });
  const enabled = await inspector("BatchGetAccountStatus");
  await inspector("Disable");
  const after = await inspector("BatchGetAccountStatus");

  expect(before).toMatchObject({ accounts: [{ accountId: ACCOUNT, state: { status: "DISABLED" } }] });
  expect(enabled).toMatchObject({
    accounts: [
      { state: { status: "ENABLED" }, resourceState: { ec2: { status: "ENABLED" }, ecr: { status: "DISABLED" } } },
    ],
  });
  expect(after).toEqual(before);
});

test("Inspector of another account is out of reach", async () => {
  const inspector = anInspector();

  const answer = await inspector("Enable", { resourceTypes: ["EC2"], accountIds: ["999988887777"] });

  expect(answer).toMatchObject({
    accounts: [],
    failedAccounts: [{ accountId: "999988887777", errorCode: "ACCESS_DENIED" }],
  });
});

test("Enabling nothing, or something unknown, is refused", async () => {
  const inspector = anInspector();

  await expect(inspector("Enable", {})).rejects.toMatchObject({ code: "ValidationException" });
  await expect(inspector("Enable", { resourceTypes: ["AMI"] })).rejects.toThrow(/enum value set/);
});
