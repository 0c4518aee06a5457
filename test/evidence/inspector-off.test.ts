import { BatchGetAccountStatusCommand, EnableCommand, Inspector2Client } from "@aws-sdk/client-inspector2";
import { startAws, VirtualClock } from "embedded-aws";
import type { Blueprint } from "embedded-aws/deploy";
import { expect, test } from "vitest";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { exampleOrganization } from "../../demo/organization.ts";
import factory from "../../factory.config.ts";
import { optionsInProcess } from "../../local/boot/client-options.ts";
import { setUpManagementAccount } from "../../local/boot/set-up-management-account.ts";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { findProject, root } from "../../stacks/blueprint/project.ts";

const secrets = { SlackApiUrl: "http://127.0.0.1", FeedMirrors: "{}" };

/** Deploys into an account that has never had Inspector, after `first`. @returns which kinds Inspector scans before and after */
async function deploy(blueprint: Blueprint, first: (inspector: Inspector2Client) => Promise<unknown> = async () => {}) {
  const time = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const seen: string[][] = [];
  const look = async (inspector: Inspector2Client) => {
    const { accounts } = await inspector.send(new BatchGetAccountStatusCommand({}));
    const { ec2, ecr } = accounts?.[0]?.resourceState ?? {};
    seen.push([ec2?.status ?? "", ecr?.status ?? ""]);
  };
  const booted = await startAws(
    { clock: time, organization: exampleOrganization(factory, blueprint.account) },
    {
      blueprint,
      root,
      secrets,
      before: async (aws) => {
        const inspector = new Inspector2Client(optionsInProcess(aws, blueprint.account, blueprint.buildRegion));
        await look(inspector);
        await first(inspector);
        const management = optionsInProcess(aws, factory.organization.managementAccountId, "us-east-1");
        await setUpManagementAccount({ factory, ...blueprint }, management, () => time.runUntil(time.now() + 10_000));
      },
    },
  );
  await look(new Inspector2Client(optionsInProcess(booted.aws, blueprint.account, blueprint.buildRegion)));
  await booted.close();
  return seen;
}

const ENABLER = "aws:inspector2/enabler:Enabler";

/** The example factory with `enableInspector: false`. */
async function leftToOthers(): Promise<Blueprint> {
  const blueprint = await readBlueprint();
  return { ...blueprint, resources: blueprint.resources.filter(({ type }) => type !== ENABLER) };
}

test("the example factory turns Inspector on before it makes pipelines", async () => {
  expect(await deploy(await readBlueprint())).toEqual([
    ["DISABLED", "DISABLED"],
    ["ENABLED", "ENABLED"],
  ]);
});

test("a deployment that does not enable Inspector fails at a pipeline if it is off, with the reason", async () => {
  await expect(deploy(await leftToOthers())).rejects.toThrow(
    /^Pipeline\w+ \(aws:imagebuilder\/imagePipeline:ImagePipeline\): ResourceDependencyException: Resource dependency error: Amazon Inspector is not enabled for '(ec2|ecr)' resources in account '111122223333'\.$/,
  );
});

test("a deployment that does not enable Inspector succeeds if it is already on", async () => {
  const enable = new EnableCommand({ resourceTypes: ["EC2", "ECR"] });

  const seen = await deploy(await leftToOthers(), (inspector) => inspector.send(enable));

  expect(seen.at(-1)).toEqual(["ENABLED", "ENABLED"]);
});

test("with enableInspector: false the program has no enabler, and is the same otherwise", {
  tags: ["deep", "needs/sst-platform"],
}, async () => {
  const program = JSON.parse(
    await evaluateProgram(findProject(`${import.meta.dirname}/fixtures/inspector-left-to-others.ts`)),
  );

  expect(program.resources.map(({ type, name }: { type: string; name: string }) => `${type} ${name}`)).toEqual(
    (await leftToOthers()).resources.map(({ type, name }) => `${type} ${name}`),
  );
});
