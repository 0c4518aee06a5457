import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { clientOptions } from "../../../cli/local/client-options.ts";
import { setUpEmbedded } from "../../../cli/organization/set-up-embedded.ts";
import { exampleOrganization } from "../../../demo/organization.ts";
import factory from "../../../factory.config.ts";
import { bootAws } from "../../../local/boot.ts";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import type { Blueprint } from "../../../local/deploy/blueprint.ts";
import { inProcessHandler } from "../../../local/wire/in-process-handler.ts";
import { freePort } from "../../world/free-port.ts";
import { smallBlueprint } from "./small-blueprint.ts";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));
const clock = () => new VirtualClock(Date.UTC(2026, 3, 1, 8));
const organization = {
  management: { id: "999988887777", name: "management" },
  units: [{ name: "Workloads", accounts: [{ id: "444455556666", name: "shop" }] }],
  accounts: [{ id: "111122223333", name: "factory" }],
};
const credentials = { accessKeyId: "999988887777", secretAccessKey: "secret" };

test("a booted AWS serves its organization and public images over HTTP", async () => {
  const program = `${checkout}test/local/deploy/program`;
  const blueprint = smallBlueprint();
  const booted = await bootAws({
    clock: clock(),
    blueprint,
    root: program,
    secrets: { Token: "t" },
    organization,
    port: 0,
  });
  const options = { region: "eu-west-1", endpoint: booted.url, credentials };

  const accounts: (string | undefined)[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client: new OrganizationsClient(options) }, {})) {
    accounts.push(...Accounts.map(({ Id }) => Id));
  }
  const Name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
  const { Parameter } = await new SSMClient(options).send(new GetParameterCommand({ Name }));
  await booted.close();

  expect(accounts.sort()).toEqual(["111122223333", "444455556666", "999988887777"]);
  expect(Parameter?.Value).toMatch(/^ami-[0-9a-f]{17}$/);
});

test("a deployment that fails leaves no server behind", async () => {
  const blueprint = smallBlueprint({ Letters: { colour: "blue" } });
  const boot = (port: number) => bootAws({ clock: clock(), blueprint, root: checkout, secrets: { Token: "t" }, port });

  const port = await freePort();

  await expect(boot(port)).rejects.toThrow("colour");
  await expect(boot(port)).rejects.toThrow("colour");
});

test("the checked-in blueprint deploys whole", async () => {
  const blueprint = JSON.parse(readFileSync(`${checkout}stacks/blueprint.json`, "utf8")) as Blueprint;
  const secrets = {
    SlackBotToken: "token",
    SlackSigningSecret: "secret",
    SlackApiUrl: "http://127.0.0.1",
    FeedMirrors: "{}",
  };

  const time = clock();
  const management = clientOptions("http://127.0.0.1", factory.organization.managementAccountId, "us-east-1");

  const booted = await bootAws({
    clock: time,
    blueprint,
    root: checkout,
    secrets,
    organization: exampleOrganization(factory, blueprint.account),
    before: (aws) =>
      setUpEmbedded({ factory, ...blueprint }, { ...management, requestHandler: inProcessHandler(aws) }, () =>
        time.runUntil(time.now() + 10_000),
      ),
  });
  await booted.close();

  expect(booted.deployment.size).toBe(new Set(blueprint.resources.map(({ name }) => name)).size);
});
