// @module-tag deep
// @module-tag needs/terraform-provider
import { setTimeout } from "node:timers/promises";
import { accountPrincipal, RealClock, type StartedAws, startAws } from "embedded-aws";
import { expect, onTestFinished, test } from "vitest";
import { readBlueprint } from "../../../cli/command/open-ledger.ts";
import { exampleOrganization } from "../../../demo/organization.ts";
import factory from "../../../factory.config.ts";
import { clientOptions } from "../../../local/boot/client-options.ts";
import { setUpManagementAccount } from "../../../local/boot/set-up-management-account.ts";
import { leftIn } from "../first-deployment/left-in.ts";
import { aTerraform, type Terraform } from "./a-terraform.ts";
import { archiveOf } from "./archive.ts";
import { type ProviderException, providerExceptions, removalExceptions } from "./provider-exceptions.ts";
import { type ProviderSchema, terraformType } from "./provider-schema.ts";
import { toTerraform } from "./to-terraform.ts";

const blueprint = await readBlueprint();
const { account } = blueprint;
const ARCHIVE = "functions.zip";
/** Any account; the management account's setup is not looked at. */
const CONSUMER = "200000000001";

/** The example's organization, its management account set up, on the machine's time: the provider waits in that. */
async function start(): Promise<StartedAws> {
  const clock = new RealClock();
  const started = await startAws({ clock, organization: exampleOrganization(factory, account), port: 0 });
  onTestFinished(() => started.close());
  const management = clientOptions(started.url, factory.organization.managementAccountId, "us-east-1");
  await setUpManagementAccount({ factory, ...blueprint }, management, () => setTimeout(500));
  return started;
}

const configuration = (schema: ProviderSchema, exceptions: readonly ProviderException[]) =>
  toTerraform(blueprint, { schema, exceptions, archive: ARCHIVE });

/** Terraform in a folder with the archive of all functions, and with values for the secrets. */
async function prepare(url: string): Promise<{ terraform: Terraform; schema: ProviderSchema }> {
  const regions = [...new Set([blueprint.buildRegion, ...blueprint.resources.map(({ region }) => region)])];
  const terraform = await aTerraform({ url, account, regions });
  await terraform.write(ARCHIVE, archiveOf({ "index.mjs": "export const handler = async () => {};\n" }));
  const secrets = { SlackApiUrl: url, FeedMirrors: "{}" };
  await terraform.write("secrets.auto.tfvars.json", secrets);
  return { terraform, schema: await terraform.schema() };
}

test("the provider takes each argument of the blueprint but those that have an exception, which quotes its error", async () => {
  const { terraform, schema } = await prepare("http://127.0.0.1:9");
  const met: ProviderException[] = [];

  // What depends on a resource with errors is validated once these are gone.
  for (let round = 0; round <= providerExceptions.length; round++) {
    await terraform.write("blueprint.tf.json", configuration(schema, met));
    const errors = await terraform.validate();
    if (errors.length === 0) break;
    const found = providerExceptions.filter((one) => !met.includes(one) && errors.includes(one.error));
    expect(errors.filter((error) => !found.some((one) => one.error === error))).toEqual([]);
    met.push(...found);
  }

  expect(new Set(met)).toEqual(new Set(providerExceptions));
});

test("Terraform creates every type of the blueprint, then plans no change, and destroys everything", {
  timeout: 1_800_000,
}, async () => {
  const { aws, url } = await start();
  const { terraform, schema } = await prepare(url);
  await terraform.write("blueprint.tf.json", configuration(schema, [...providerExceptions, ...removalExceptions]));
  const managed = blueprint.resources.filter(({ type }) => type.startsWith("aws:"));
  const types = managed.map(({ type }) => terraformType(schema, type)).filter(({ isData }) => !isData);
  const wanted = Map.groupBy(types, ({ type }) => type);

  const applied = await terraform.outcome("apply", "-auto-approve");
  const planned = await terraform.outcome("plan", "-detailed-exitcode");
  const destroyed = await terraform.outcome("destroy", "-auto-approve");

  const table = [...wanted.keys()].sort().map((type) => ({
    type,
    applied: applied.counts.get(type) ?? 0,
    planned: planned.counts.get(type) ?? 0,
    destroyed: destroyed.counts.get(type) ?? 0,
  }));
  console.table(table);
  expect({ apply: applied.errors, plan: planned.errors, destroy: destroyed.errors }).toEqual({
    apply: [],
    plan: [],
    destroy: [],
  });
  expect(table).toEqual(
    table.map(({ type }) => {
      const count = wanted.get(type)?.length;
      return { type, applied: count, planned: 0, destroyed: count };
    }),
  );
  expect([applied.code, planned.code, destroyed.code]).toEqual([0, 0, 0]);
  const caller = { principal: accountPrincipal(account), region: blueprint.buildRegion };
  expect(await aws.call("logs", "DescribeLogGroups", {}, caller)).toMatchObject({ logGroups: [] });
  expect((await leftIn(aws, account, CONSUMER)).filter((one) => one.startsWith(account))).toEqual([]);
});
