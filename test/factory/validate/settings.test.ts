import { EnableCommand } from "@aws-sdk/client-inspector2";
import { expect, test } from "vitest";
import { report } from "../../../cli/factory/validate.ts";
import { factorySchema } from "../../../core/factory/factory-schema.ts";
import { noteRenamedKeys } from "../../../core/factory/renamed-keys.ts";
import { HOME } from "../../world/factory-of.ts";
import { openValidated } from "./validated-world.ts";

test("a mirror that the config leaves unverified is a warning, not an error", async () => {
  const world = await openValidated({ factory: { feeds: { unverified: ["al2023"] } } });

  const validation = await world.look();

  expect(validation.findings).toEqual([
    {
      where: "feeds.unverified",
      what: "the mirror of al2023 is read without a signature",
      fix: "give the mirror's OpenPGP key in the secret FeedMirrors, and take it off the list",
      warning: true,
    },
  ]);
  const lines = report({ usable: true, online: validation, findings: validation.findings });
  expect(lines[0]).toMatch(/^warning: feeds\.unverified: /);
  expect(lines.at(-1)).toBe("No problems found.");
});

test("only operating systems that have feeds can be named", () => {
  const feeds = { unverified: ["plan9"] };

  expect(factorySchema.safeParse({ feeds }).error?.issues).toContainEqual(
    expect.objectContaining({ code: "invalid_value", path: ["feeds", "unverified", 0] }),
  );
});

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

test("a former name of a key is a warning that says what to rename, and by when", async () => {
  const world = await openValidated();
  noteRenamedKeys(world.factory, [
    { from: "images.base.gate.cis", to: "images.base.gate.benchmark", since: "0.2.0", gone: "0.3.0" },
  ]);

  const validation = await world.look();

  expect(validation.findings).toEqual([
    {
      where: "images.base.gate.cis",
      what: "is called images.base.gate.benchmark since version 0.2.0; the former name works until version 0.3.0",
      fix: "rename it in factory.config.ts",
      warning: true,
    },
  ]);
  const [line] = report({ usable: true, online: validation, findings: validation.findings });
  expect(line).toMatch(/^warning: images\.base\.gate\.cis: is called/);
});

test("a role and a boundary of another account than the factory's are found, with their path", async () => {
  const role = "arn:aws:iam::222233334444:role/image-instances";
  const boundary = "arn:aws:iam::222233334444:policy/boundary";
  const world = await openValidated({ factory: { instanceRole: role, permissionsBoundary: boundary } });

  const findings = await world.findings();

  const what = "is an ARN of account 222233334444, and the factory's is 111122223333";
  const fix = "name one of account 111122223333";
  expect(findings).toEqual([
    { where: "instanceRole", what, fix },
    { where: "permissionsBoundary", what, fix },
  ]);
});

test("a role and a boundary of the factory's account, by name or ARN, or of AWS, are as they should be", async () => {
  const world = await openValidated({
    factory: {
      instanceRole: "arn:aws:iam::111122223333:role/builds/instances",
      executionRole: "image-builder",
      permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess",
    },
  });

  expect(await world.findings()).toEqual([]);
});
