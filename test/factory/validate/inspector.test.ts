import { EnableCommand } from "@aws-sdk/client-inspector2";
import { expect, test } from "vitest";
import { HOME } from "../../world/factory-of.ts";
import { openValidated } from "./validated-world.ts";

const left = { factory: { enableInspector: false } };

test("Inspector that is off is found where the config leaves it to others", async () => {
  const world = await openValidated(left);

  const before = await world.findings();
  await world.clients.inspector.send(new EnableCommand({ resourceTypes: ["EC2"] }));
  const after = await world.findings();

  expect(before).toEqual([
    {
      where: "enableInspector",
      what: `is false, and Amazon Inspector does not scan EC2 in ${HOME}: Image Builder refuses pipelines that scan`,
      fix: `aws inspector2 enable --resource-types EC2 --region ${HOME}, or set enableInspector: true`,
    },
  ]);
  expect(after).toEqual([]);
});

test("Inspector that the factory turns on may be off before", async () => {
  const world = await openValidated();

  expect(await world.findings()).toEqual([]);
});

test("an account whose status Inspector does not give is found", async () => {
  const world = await openValidated(left);

  const { findings } = await world.look({ account: "444455556666" });

  expect(findings.filter(({ where }) => where === "enableInspector")).toEqual([
    {
      where: "enableInspector",
      what: expect.stringMatching(/^access denied: Amazon Inspector does not report the status of account 4444/),
      fix: "use credentials that may call inspector2:BatchGetAccountStatus",
    },
  ]);
});
