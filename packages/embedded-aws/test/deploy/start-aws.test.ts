import { Organizations, paginateListAccounts } from "@aws-sdk/client-organizations";
import { SSM } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { startAws } from "../../src/start-aws.ts";
import { freePort } from "../free-port.ts";
import { smallBlueprint } from "./small-blueprint.ts";

const root = `${import.meta.dirname}/program`;
const clock = () => new VirtualClock(Date.UTC(2026, 3, 1, 8));
const organization = {
  management: { id: "999988887777", name: "management" },
  units: [{ name: "Workloads", accounts: [{ id: "444455556666", name: "shop" }] }],
  accounts: [{ id: "111122223333", name: "factory" }],
};
const credentials = { accessKeyId: "999988887777", secretAccessKey: "secret" };

test("a booted AWS serves its organization and public images over HTTP", async () => {
  const blueprint = smallBlueprint();
  const booted = await startAws(
    { clock: clock(), organization, port: 0 },
    { blueprint, root, secrets: { Token: "t" } },
  );
  const options = { region: "eu-west-1", endpoint: booted.url, credentials };

  const accounts: (string | undefined)[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client: new Organizations(options) }, {})) {
    accounts.push(...Accounts.map(({ Id }) => Id));
  }
  const Name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
  const { Parameter } = await new SSM(options).getParameter({ Name });
  await booted.close();

  expect(accounts.sort()).toEqual(["111122223333", "444455556666", "999988887777"]);
  expect(Parameter?.Value).toMatch(/^ami-[0-9a-f]{17}$/);
});

test("a deployment that fails leaves no server behind", async () => {
  const blueprint = smallBlueprint({ Letters: { colour: "blue" } });
  const boot = (port: number) => startAws({ clock: clock(), port }, { blueprint, root, secrets: { Token: "t" } });

  const port = await freePort();

  await expect(boot(port)).rejects.toThrow("colour");
  await expect(boot(port)).rejects.toThrow("colour");
});
