// @module-tag deep
// @module-tag needs/terraform-provider
import { readFile } from "node:fs/promises";
import { RealClock } from "embedded-aws";
import { expect, test } from "vitest";
import { aTerraform } from "../whole/terraform/a-terraform.ts";
import { CONSUMER, consumerAccount, REGION } from "./consumer-account.ts";

test("Terraform makes the group, plans no replacement when the channel moves, and removes all of it", async () => {
  const { url, subnets, amis, point, running } = await consumerAccount(new RealClock());
  const terraform = await aTerraform({ url, account: CONSUMER, regions: [REGION] });
  await terraform.write("web.tf", await readFile("docs/consumers/terraform.tf"));
  const variable = `-var=subnets=${JSON.stringify(subnets)}`;

  const applied = await terraform.outcome("apply", "-auto-approve", variable);
  const ami = (await terraform.text("output", "-raw", "ami")).trim();
  const launched = await running("web");
  await point(amis[1]);
  const planned = await terraform.outcome("plan", variable);
  const destroyed = await terraform.outcome("destroy", "-auto-approve", variable);

  expect(applied.errors).toEqual([]);
  expect(ami).toBe(amis[0]);
  expect(launched).toEqual([amis[0], amis[0]]);
  expect([planned.code, planned.errors, [...planned.counts]]).toEqual([0, [], []]);
  expect([destroyed.code, destroyed.errors]).toEqual([0, []]);
});
