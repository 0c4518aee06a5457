import { describe, expect, test } from "vitest";
import { rolePrincipal } from "../../src/engine/principal.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { ACCOUNT, aBuilder, REGION } from "../imagebuilder/builder.ts";
import { policy } from "../policy.ts";

describe("A CIS scan is refused", () => {
  const wanted = {
    scanName: "scan",
    securityLevel: "LEVEL_1",
    schedule: { oneTime: {} },
    targets: { accountIds: ["SELF"], targetResourceTags: { a: ["b"] } },
  };

  test.each([
    ["where EC2 scanning is off", {}, "AccessDeniedException", false],
    [
      "for another account",
      { targets: { ...wanted.targets, accountIds: ["999988887777"] } },
      "AccessDeniedException",
      true,
    ],
    ["of another level", { securityLevel: "LEVEL_3" }, "ValidationException", true],
    [
      "without a tag to find instances by",
      { targets: { accountIds: ["SELF"], targetResourceTags: {} } },
      "ValidationException",
      true,
    ],
    [
      "with two schedules",
      { schedule: { oneTime: {}, daily: { startTime: { timeOfDay: "03:00", timezone: "UTC" } } } },
      "ValidationException",
      true,
    ],
    [
      "that runs daily, which is not built",
      { schedule: { daily: { startTime: { timeOfDay: "03:00", timezone: "UTC" } } } },
      "NotImplemented",
      true,
    ],
  ])("%s", async (_why, changes, code, enabled) => {
    const { call } = await aBuilder();
    if (enabled) await call("inspector2", "Enable", { resourceTypes: ["EC2"] });

    await expectRefusal(call("inspector2", "CreateCisScanConfiguration", { ...wanted, ...changes }), code);
  });

  test("where the caller's tags are not those that its policy wants", async () => {
    const { aws, call } = await aBuilder();
    await call("inspector2", "Enable", { resourceTypes: ["EC2"] });
    await call("iam", "PutRolePolicy", {
      RoleName: "instance",
      PolicyName: "scan",
      PolicyDocument: policy({
        Effect: "Allow",
        Action: "inspector2:CreateCisScanConfiguration",
        Resource: `arn:aws:inspector2:${REGION}:${ACCOUNT}:owner/${ACCOUNT}/cis-configuration/*`,
        Condition: { StringEquals: { "aws:RequestTag/amint:factory": "acme" } },
      }),
    });
    const as = rolePrincipal(`arn:aws:iam::${ACCOUNT}:role/instance`, "i-1");
    const create = (tags: object) =>
      aws.call("inspector2", "CreateCisScanConfiguration", { ...wanted, ...tags }, { principal: as, region: REGION });

    await expectRefusal(create({}), "AccessDeniedException");
    await expectRefusal(create({ tags: { "amint:factory": "other" } }), "AccessDeniedException");
    await expect(create({ tags: { "amint:factory": "acme" } })).resolves.toHaveProperty("scanConfigurationArn");
  });

  test("reports for an unknown job are refused", async () => {
    const { call } = await aBuilder();
    const scanJobId = "624b746d-e080-44ae-8c1d-48e653365a38";

    await expectRefusal(
      call("inspector2", "StartCisSession", { scanJobId, message: { sessionToken: scanJobId } }),
      "ValidationException",
    );
  });
});
