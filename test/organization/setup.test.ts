import { execFile } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from "@aws-sdk/client-cloudformation";
import { DescribeRuleCommand, EventBridgeClient, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { DescribeResourcePolicyCommand, ListRootsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { startAws, VirtualClock } from "embedded-aws";
import { expect, onTestFinished, test } from "vitest";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { readingActions } from "../../core/organization/management-side.ts";
import { FACTORY, MANAGEMENT, organization } from "../world/organization.ts";

const run = promisify(execFile);

const amint = (...args: string[]) =>
  run(process.execPath, ["cli/command/amint.mjs", "org", "setup", ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), stdout: String(stdout), stderr: String(stderr) }),
  );

/** An organization whose management account has done nothing yet. */
async function openOrganization() {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const served = await startAws({ clock, organization, port: 0, lingerMs: 25, limits: "everybody" });
  const stop = clock.race();
  onTestFinished(async () => {
    stop();
    await served.close();
  });
  const optionsOf = (account: string) => ({
    region: "us-east-1",
    endpoint: served.url,
    credentials: { accessKeyId: account, secretAccessKey: "test" },
    maxAttempts: 1,
  });
  const deploy = async (TemplateBody: string, ReadDelegation: "make" | "leave") => {
    const client = new CloudFormationClient(optionsOf(MANAGEMENT));
    const StackName = "image-factory";
    const Parameters = [{ ParameterKey: "ReadDelegation", ParameterValue: ReadDelegation }];
    const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
    await client.send(new CreateStackCommand({ StackName, TemplateBody, Parameters, Capabilities }));
    await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName });
  };
  return { optionsOf, deploy };
}

test("the template that is printed lets the factory read the organization, and forwards its changes", async () => {
  const { optionsOf, deploy } = await openOrganization();
  const factory = new OrganizationsClient(optionsOf(FACTORY));
  const before = await factory.send(new ListRootsCommand({})).catch((error: Error) => error.name);
  const { code, stdout, stderr } = await amint("--account", FACTORY);

  await deploy(stdout, "make");
  const after = await factory.send(new ListRootsCommand({}));
  const events = new EventBridgeClient(optionsOf(MANAGEMENT));
  const rule = await events.send(new DescribeRuleCommand({ Name: "amint-acme-forward-organization" }));
  const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: "amint-acme-forward-organization" }));

  expect(code).toBe(0);
  expect(before).toBe("AccessDeniedException");
  expect(after.Roots?.[0]?.Id).toBe("r-exam");
  expect(JSON.parse(rule.EventPattern ?? "").detail.eventName).toContain("MoveAccount");
  expect(Targets).toEqual([
    {
      Id: "factory",
      Arn: `arn:aws:events:eu-west-1:${FACTORY}:event-bus/amint-acme`,
      RoleArn: `arn:aws:iam::${MANAGEMENT}:role/amint-acme-forward-organization`,
    },
  ]);
  expect(stderr).toContain("aws ram enable-sharing-with-aws-organization");
  expect(stderr).toContain("aws cloudformation activate-organizations-access");
  expect(stderr).toContain(`register-delegated-administrator --account-id ${FACTORY}`);
});

test("what the factory's functions ask Organizations for is delegated to them", async () => {
  const { resources } = await readBlueprint();
  const asked = [...JSON.stringify(resources).matchAll(/"(organizations:\w+)"/g)].map(([, action = ""]) => action);

  const lacking = asked.filter((action) => !readingActions.some((one) => one === action));

  expect(asked).toContain("organizations:ListRoots");
  expect(lacking).toEqual([]);
});

test("an organization that has a resource policy can keep it", async () => {
  const { optionsOf, deploy } = await openOrganization();
  const { stdout } = await amint("--account", FACTORY);

  await deploy(stdout, "leave");
  const management = new OrganizationsClient(optionsOf(MANAGEMENT));
  const policy = await management.send(new DescribeResourcePolicyCommand({})).catch((error: Error) => error.name);

  expect(policy).toBe("ResourcePolicyNotFoundException");
});

test("the template goes to a file, and all of it into JSON", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "amint-")), "management.yaml");

  const [written, json] = await Promise.all([
    amint("--account", FACTORY, "--out", file),
    amint("--account", FACTORY, "--json"),
  ]);

  expect(written).toMatchObject({ code: 0, stdout: "" });
  expect(written.stderr).toContain(`--template-file ${file} --capabilities CAPABILITY_NAMED_IAM`);
  expect(await readFile(file, "utf8")).toContain("Type: AWS::Organizations::ResourcePolicy");
  const said = JSON.parse(json.stdout);
  expect(said).toMatchObject({ managementAccount: MANAGEMENT, template: { AWSTemplateFormatVersion: "2010-09-09" } });
  expect(said.commands).toHaveLength(3);
});

test("the management account as the factory's, and a malformed account id, are refused", async () => {
  const [management, none] = await Promise.all([amint("--account", MANAGEMENT), amint("--account", "acme")]);

  expect(management.code).toBe(1);
  expect(management.stderr).toContain(`${MANAGEMENT} is the organization's management account`);
  expect(none.code).toBe(64);
  expect(none.stderr).toContain("Expected the 12 digits of an account id.");
});
